"""Transfers in the console, from the first SKU typed to the last piece explained."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Transfer
from inventory.pages.transfers import urlpatterns
from inventory.services import draft_transfer, ship_transfer
from oms.roles import BUYER, LEAD, PICKER, READ_ONLY, STORE
from tests.inventory.ledger import level
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db
ROLES = [BUYER, LEAD, PICKER, READ_ONLY, STORE]
MAY = {
    "skus": set(ROLES),
    "new": {BUYER, LEAD, STORE},
    "transfer": set(ROLES),
    "edit": {BUYER, LEAD, STORE},
    "ready": {BUYER, LEAD, STORE},
    "reopen": {BUYER, LEAD, STORE},
    "cancel": {BUYER, LEAD, STORE},
    "ship": {BUYER, LEAD, STORE},
    "receive": {LEAD, PICKER, STORE},
    "resolve": {LEAD, STORE},
    "slip": set(ROLES),
}
POSTED = {"ready", "reopen", "cancel", "ship", "receive", "resolve"}


@pytest.fixture
def paris():
    return make_location("PAR", name="Paris")


@pytest.fixture
def transfer(berlin, paris, mug):
    return draft_transfer.draft(berlin, paris, lines={mug: 6})


@pytest.fixture
def lead(client):
    client.force_login(make_user(LEAD))
    return client


@pytest.fixture
def do(lead, transfer):
    """Return `do(verb, **data)`: press that button of the transfer; returns it as it is then."""

    def do(verb, **data):
        lead.post(f"/admin/inventory/transfer/{transfer.pk}/{verb}/", data)
        return Transfer.objects.get(pk=transfer.pk)

    return do


def page(client, transfer):
    return client.get(f"/admin/inventory/transfer/{transfer.pk}/change/").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(client, transfer, role):
    client.force_login(make_user(role))
    opened = set()
    for pattern in urlpatterns:
        path = f"/admin/{str(pattern.pattern).replace('<int:pk>', str(transfer.pk))}"
        ask = client.post if pattern.name in POSTED else client.get
        if ask(path).status_code != 403:
            opened.add(pattern.name)
    assert opened == {name for name, roles in MAY.items() if role in roles}


def test_one_is_made_by_code_barcode_and_number(lead, berlin, paris, mug):
    data = {"source": berlin.pk, "target": paris.pk, "sku": ["mug", "", "MUG"], "quantity": ["2", "9", ""]}
    answer = lead.post("/admin/inventory/transfer/new/", data)
    made = Transfer.objects.get()
    assert answer.headers["Location"] == f"/admin/inventory/transfer/{made.pk}/change/"
    assert made.lines.get().quantity == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sku": ["NONE"]}, "Row 1: nothing has the code NONE."),
        ({"quantity": ["x"]}, "Row 1: say how many pieces"),
        ({"quantity": ["0"]}, "Row 1: say how many pieces"),
        ({"target": "{berlin}"}, "choose another location"),
        ({"source": ""}, "required"),
        ({"expected_on": "2001-01-01"}, "name a day to come"),
    ],
)
def test_nonsense_is_said_and_makes_nothing(lead, berlin, paris, mug, fields, words):
    data = {"source": berlin.pk, "target": paris.pk, "sku": ["MUG"], "quantity": ["1"]} | fields
    data["target"] = str(data["target"]).format(berlin=berlin.pk)
    answer = lead.post("/admin/inventory/transfer/new/", data)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert 'value="MUG"' in answer.content.decode() or fields.get("sku")
    assert not Transfer.objects.exists()


def test_goods_are_suggested_with_what_the_source_has(lead, berlin, paris, mug):
    make_sku(3, paris, code="MUG-2")
    make_sku(code="MUG-SET", kind="kit")
    found = lead.get(f"/admin/inventory/transfer/goods/?q=mug&place={berlin.pk}").json()["found"]
    assert [(one["code"], one["available"]) for one in found] == [("MUG", 10), ("MUG-2", 0)]
    assert [one["available"] for one in lead.get("/admin/inventory/transfer/goods/?q=mug").json()["found"]] == [10, 3]


def test_a_draft_is_edited(lead, transfer, mug):
    address = f"/admin/inventory/transfer/{transfer.pk}/edit/"
    assert 'value="MUG"' in lead.get(address).content.decode()
    soon = date.today() + timedelta(days=30)
    lead.post(address, {"sku": ["MUG"], "quantity": ["4"], "note": "soon", "expected_on": soon.isoformat()})
    assert transfer.lines.get().quantity == 4


def test_a_day_that_is_over_is_refused_but_one_that_passed_may_stand(lead, transfer):
    address, passed = f"/admin/inventory/transfer/{transfer.pk}/edit/", date.today() - timedelta(days=2)
    typed = {"sku": ["MUG"], "quantity": ["4"], "expected_on": passed.isoformat()}
    answer = lead.post(address, typed)
    assert (answer.status_code, "name a day to come" in answer.content.decode()) == (422, True)
    assert transfer.lines.get().quantity == 6
    Transfer.objects.update(expected_on=passed)
    lead.post(address, typed)
    assert transfer.lines.get().quantity == 4


def test_the_way_of_a_transfer_through_its_buttons(do, lead, transfer, mug, berlin, paris):
    line = transfer.lines.get().pk
    assert do("ready").status == "ready"
    assert do("reopen").status == "draft"
    do("ready")
    assert do("ship", **{f"ship-{line}": 5}).status == "shipped"
    assert "5 under way" in page(lead, transfer)
    assert do("receive", do="part", **{f"fit-{line}": 2, f"damaged-{line}": 1}).status == "shipped"
    assert do("receive", do="all", **{f"fit-{line}": 1}).status == "received"
    assert level(mug, paris) == (4, 0, 1)
    assert "did not arrive at PAR" in page(lead, transfer)
    do("resolve", line=line, pieces=1, do="found")
    assert "did not arrive" not in page(lead, transfer)
    assert level(mug, berlin) == (6, 0, 0)


def test_a_booking_sent_twice_is_booked_once(do, transfer, mug, paris):
    line = transfer.lines.get().pk
    do("ready")
    do("ship", **{f"ship-{line}": 6})
    for _ in range(2):
        do("receive", do="part", token="same", **{f"fit-{line}": 2})
    assert level(mug, paris) == (2, 0, 0)


@pytest.mark.parametrize(("verb", "field"), [("ship", "ship"), ("receive", "fit")])
def test_what_is_no_number_is_said_and_books_nothing(do, lead, transfer, mug, berlin, texts, verb, field):
    line = transfer.lines.get().pk
    draft_transfer.make_ready(transfer.pk)
    if verb == "receive":
        ship_transfer.ship(transfer.pk)
    before = level(mug, berlin)
    answer = lead.post(f"/admin/inventory/transfer/{transfer.pk}/{verb}/", {f"{field}-{line}": "-2"})
    assert texts(answer) == ["-2 is no number of pieces."]
    assert level(mug, berlin) == before


def test_a_cancelled_one_offers_nothing_more(do, lead, transfer):
    assert do("cancel").status == "cancelled"
    assert "Make ready" not in page(lead, transfer)


def test_the_slip_is_a_pdf(lead, transfer):
    answer = lead.get(f"/admin/inventory/transfer/{transfer.pk}/slip/")
    assert answer.content.startswith(b"%PDF")


def test_the_list_finds_it_by_number_and_shows_what_is_short(lead, transfer, berlin, paris, mug):
    other = draft_transfer.draft(paris, berlin, lines={mug: 1})
    found = lead.get(f"/admin/inventory/transfer/?q=t{transfer.pk}").content.decode()
    assert f">{transfer}<" in found
    assert f">{other}<" not in found
    assert f">{transfer}<" not in lead.get("/admin/inventory/transfer/?todo=missing").content.decode()
    assert f">{transfer}<" in lead.get("/admin/inventory/transfer/?todo=open").content.decode()


def test_more_lines_take_no_more_queries(lead, transfer, berlin, paris, django_assert_max_num_queries):
    lines = {make_sku(3, berlin): 1 for _ in range(9)}
    other = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines=lines).pk)
    with CaptureQueriesContext(connection) as few:
        page(lead, transfer)
    with django_assert_max_num_queries(len(few)):
        page(lead, other)
