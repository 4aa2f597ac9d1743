"""The buyer's proposals, from the list to the drafts that they become."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Forecast, Proposal, PurchaseOrder, ReorderPolicy, Transfer
from inventory.services import stock
from inventory.services.demand_history import WEEK
from inventory.services.replenish import run
from oms.roles import BUYER, CS, LEAD, PICKER, READ_ONLY
from tests.inventory.buying import lists
from tests.inventory.planning import make_known, make_proposal, this_week
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/inventory/proposal/"


@pytest.fixture
def buyer(client):
    client.force_login(make_user(BUYER))
    return client


@pytest.fixture
def row():
    return make_proposal()


def beside(row, pieces=9):
    """Another SKU of the same supplier and location, that is bought too."""
    listed = lists(row.supplier, make_sku(1, row.location))
    ReorderPolicy.objects.create(sku=listed.sku, method="min_max", minimum=5, maximum=pieces + 1)
    run()
    return Proposal.objects.open().get(sku=listed.sku)


def text(response):
    return response.content.decode()


def test_the_list_says_what_a_buyer_asks(buyer, row):
    row.supplier.free_freight_from = Decimal(500)
    row.supplier.save()
    page = text(buyer.get(LIST))
    for said in (row.sku.code, row.supplier.name, "packs of 12", 'value="84"', "4 days", "€164.00 more"):
        assert said in page, said


def test_an_empty_list_says_so(buyer):
    assert "Nothing has to be bought" in text(buyer.get(LIST))


def test_one_is_accepted_with_another_quantity(buyer, row):
    other = beside(row)
    answer = buyer.post(LIST, {"take": f"one:{row.pk}", f"pieces-{row.pk}": "96", f"pieces-{other.pk}": "9"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.decided_pieces, row.decided_by[:5]) == ("edited", 96, "user:")
    assert list(row.purchase.lines.values_list("sku", "quantity")) == [(row.sku_id, 96)]
    assert Proposal.objects.open().get() == other


def test_approve_all_makes_one_draft_each(buyer, row):
    other, third = beside(row), make_proposal()
    pks = [row.pk, other.pk, third.pk]
    buyer.post(LIST, {"take": "all"} | {f"pieces-{pk}": "" for pk in pks})
    assert sorted(order.lines.count() for order in PurchaseOrder.objects.all()) == [1, 2]
    assert not Proposal.objects.open().exists()


def test_a_group_is_one_order(buyer, row):
    other, third = beside(row), make_proposal()
    data = {f"pieces-{one.pk}": "" for one in (row, other, third)}
    buyer.post(LIST, data | {"take": f"group:buy-{row.supplier_id}-{row.location_id}"})
    assert PurchaseOrder.objects.get().lines.count() == 2
    assert Proposal.objects.open().get() == third


def test_what_is_over_budget_or_without_supplier_is_left_by_approve_all(buyer, row):
    Proposal.objects.update(is_over_budget=True)
    answer = buyer.post(LIST, {"take": "all", f"pieces-{row.pk}": "84"})
    assert answer.status_code == 422
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("typed", ["0", "-3", "many", "1e3", "9" * 30])
def test_a_wrong_number_changes_nothing_and_stays_typed(buyer, row, typed):
    answer = buyer.post(LIST, {"take": f"one:{row.pk}", f"pieces-{row.pk}": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in text(answer)
    assert row.is_open
    assert not PurchaseOrder.objects.exists()


def test_the_page_of_one_shows_why_and_draws_it(buyer, row):
    page = text(buyer.get(f"{LIST}{row.pk}/"))
    assert "<svg" in page
    assert page.count("oms-bar-sold") >= 20
    assert "reorder point" in page
    assert "in packs of 12: 84" in page


def test_what_is_left_of_a_budget_is_shown(buyer, row):
    assert "Budgets of 30 days" not in text(buyer.get(LIST))
    policy = ReorderPolicy.objects.create(budget=Decimal(5000))
    Proposal.objects.update(policy=policy)
    buyer.post(f"{LIST}{row.pk}/", {"take": f"one:{row.pk}", f"pieces-{row.pk}": ""})
    row.refresh_from_db()
    page = text(buyer.get(LIST))
    assert f"{5000 - row.value:,.2f} left of 5,000.00" in page


def test_a_decline_says_why(buyer, row):
    assert buyer.post(f"{LIST}{row.pk}/decline/", {"reason": ""}).status_code == 422
    buyer.post(f"{LIST}{row.pk}/decline/", {"reason": "discontinued"})
    row.refresh_from_db()
    assert (row.status, row.note) == ("declined", "discontinued")
    assert "discontinued" in text(buyer.get(f"{LIST}{row.pk}/"))
    answer = buyer.post(f"{LIST}{row.pk}/", {"take": f"one:{row.pk}", f"pieces-{row.pk}": "84"})
    assert answer.status_code == 422


def test_a_transfer_is_offered_first_and_drafted(buyer):
    full, store = make_location("FULL"), make_location("SHOP", kind="store")
    sku = make_known(location=store)
    stock.receive(sku, full, 500)
    run()
    assert "Carry from FULL to SHOP" in text(buyer.get(LIST))
    row = Proposal.objects.open().get()
    buyer.post(f"{LIST}{row.pk}/", {"take": f"one:{row.pk}", f"pieces-{row.pk}": ""})
    assert Transfer.objects.get().lines.get().quantity == row.pieces


@pytest.mark.parametrize("role", [BUYER, CS, LEAD, PICKER, READ_ONLY])
def test_who_may_look_and_who_may_decide(client, role, row):
    client.force_login(make_user(role))
    may = role in (BUYER, LEAD)
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{row.pk}/").status_code == 200
    assert client.get(f"{LIST}{row.pk}/decline/").status_code == (200 if may else 403)
    client.post(LIST, {"take": "all", f"pieces-{row.pk}": ""})
    assert PurchaseOrder.objects.exists() == may


def test_the_list_asks_the_database_the_same_for_more(buyer, row):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            buyer.get(LIST)
        counts.append(len(asked))
        beside(row)
    assert counts[0] == counts[1]


def test_quality_compares_by_class(buyer, row):
    assert "Nothing to compare yet" in text(buyer.get("/admin/inventory/forecast/quality/"))
    Forecast.objects.update(week=this_week() - WEEK, actual=8, days_out=1, expected=10, step=4)
    [found] = buyer.get("/admin/inventory/forecast/quality/").context_data["rows"]
    assert found["rmsse"] == pytest.approx(1)
    assert (found["bias"], found["service"], found["wanted"]) == (0.25, 0, 0.95)
    lines = text(buyer.get("/admin/inventory/forecast/quality/?format=csv")).splitlines()
    assert lines[0] == "week,class,rows,sold,rmsse,bias,service,wanted"
    assert lines[1].startswith(f"{this_week() - WEEK},A,1,8.0,1.0,0.25,0.0,0.95")


def test_a_policy_is_made_in_the_console_and_its_mistakes_are_named(buyer):
    data = {"method": "min_max", "service_percent": 95, "review_days": 7, "order_cost": 5, "holding_percent": 20}
    page = buyer.post("/admin/inventory/reorderpolicy/add/", data | {"minimum": 9, "maximum": 3})
    assert "needs a maximum above it" in text(page)
    buyer.post("/admin/inventory/reorderpolicy/add/", data | {"minimum": 3, "maximum": 9})
    assert ReorderPolicy.objects.get().maximum == 9
    assert buyer.get("/admin/inventory/reorderpolicy/").status_code == 200
