"""Pieces with numbers of their own come back: those that left by our book, and those that left a place without one."""

import pytest
from django.test import Client

from fulfilment.services.direct import ParcelIn, ship_reported
from inventory.models import Serial
from inventory.services import serials, stock
from oms.lib.errors import Invalid
from returns.models import Return, ReturnPolicy
from returns.services.receive import receive
from tests.fulfilment.make import ACTOR, confirmed, work_of
from tests.inventory.ledger import level
from tests.make import make_location, make_sku, make_user
from tests.returns.make import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def phone():
    return make_sku(code="PHONE", tracking="serial")


@pytest.fixture
def rma(berlin, phone):
    """Two phones that a 3PL sent, whose stock is not counted, come back to Berlin."""
    make_location("3PL", kind="3pl", tracks_stock=False)
    order = confirmed((phone, 2))
    ReturnPolicy.objects.create(channel=order.channel, location=berlin)
    row = work_of(order)
    ship_reported(row.pk, [ParcelIn({row.lines.get().pk: 2})], actor=ACTOR)
    return asked(order, 2)


def take(rma, *codes, pieces=2):
    line = rma.lines.get()
    return receive(rma.pk, {line.pk: pieces}, serials={line.pk: codes}, actor=ACTOR)


def states():
    return dict(Serial.objects.values_list("code", "state"))


def test_numbers_that_the_book_never_saw_are_new_to_it(rma, phone, berlin):
    take(rma, "s1", "]C1010950110153000321S2")
    assert states() == {"S1": "in_stock", "S2": "in_stock"}
    assert level(phone, berlin) == (2, 0, 2)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ((), "each PHONE: 0 of 2 so far"),
        (("S1",), "each PHONE: 1 of 2 so far"),
        (("S1", "S2", "S3"), "each PHONE: 3 of 2 so far"),
        (("S1", "s1"), "S1 was scanned twice"),
        (("S1", "S9"), "S9 of PHONE is known already: it lies in DOCK"),
    ],
)
def test_numbers_that_cannot_have_come_are_refused(rma, phone, berlin, refused, codes, said):
    stock.receive(phone, berlin, 1, serials=serials.new(phone, ["S9"]))
    with refused(Invalid, said):
        take(rma, *codes)
    assert states() == {"S9": "in_stock"}
    assert Return.objects.get().status == "requested"


def test_numbers_of_another_return_are_refused(rma, refused):
    with refused(Invalid, "Name a line"):
        receive(rma.pk, {rma.lines.get().pk: 2}, serials={0: ["S1"]})


@pytest.fixture
def ours(berlin, phone):
    """An order whose phones S1 and S2 left Berlin by the book, while S3 stayed."""
    stock.receive(phone, berlin, 3, serials=serials.new(phone, ["S1", "S2", "S3"]))
    order = confirmed((phone, 2))
    row = work_of(order)
    ship_reported(row.pk, [ParcelIn({row.lines.get().pk: 2})], actor=ACTOR)
    return order


def test_the_number_that_left_with_the_order_comes_back(ours):
    take(asked(ours), "S2", pieces=1)
    assert states() == {"S1": "shipped", "S2": "in_stock", "S3": "in_stock"}
    assert not Serial.objects.get(code="S2").is_assumed


def test_all_that_left_come_back_without_a_scan(ours):
    take(asked(ours, 2))
    assert set(states().values()) == {"in_stock"}


def test_what_left_with_another_order_does_not_come_back_with_this(ours, rma, refused):
    with refused(Invalid, "S1 of PHONE is known already: it is shipped"):
        take(rma, "S1", "S8")


def test_the_desk_scans_numbers_where_a_sku_has_such(rma, phone, berlin):
    client, line = Client(), rma.lines.get()
    client.force_login(make_user("Warehouse lead"))
    url = f"/admin/returns/return/{rma.pk}/receive/"
    assert f'name="serials-{line.pk}"' in client.get(url).content.decode()
    answer = client.post(url, {f"line-{line.pk}": 2, f"serials-{line.pk}": "S1\n"})
    assert answer.status_code == 422
    assert "Scan the serial number of each PHONE: 1 of 2 so far." in answer.content.decode()
    client.post(url, {f"line-{line.pk}": 2, f"serials-{line.pk}": "S1\nS2\n"})
    assert level(phone, berlin) == (2, 0, 2)


@pytest.mark.parametrize("change", [{"tracking": "none"}, {"tracks_stock": False}])
def test_the_desk_asks_for_no_numbers_where_none_are_kept(rma, phone, berlin, change):
    client = Client()
    client.force_login(make_user("Warehouse lead"))
    for row in (phone, berlin):
        for name in change.keys() & vars(row).keys():
            setattr(row, name, change[name])
            row.save()
    assert "serials-" not in client.get(f"/admin/returns/return/{rma.pk}/receive/").content.decode()
