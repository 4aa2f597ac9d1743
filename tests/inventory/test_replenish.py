"""A night's replenishment: from what was sold to what should be bought, once, and no more than that."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Forecast, Proposal, PurchaseOrder, ReorderPolicy
from inventory.services import decide_proposal, draft_purchase, stock
from inventory.services.demand_history import WEEK, history
from inventory.services.replenish import run, start
from oms.lib.errors import Invalid, InvalidTransition
from orders.imports import historic
from orders.imports.records import Line, OrderRecord
from orders.models import Order
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.inventory.buying import lists, make_supplier
from tests.inventory.planning import backdate, make_known, make_proposal, sell, this_week
from tests.make import make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db
NOTHING = {"made": 0, "changed": 0, "expired": 0, "ordered": 0}


def test_known_demand_gives_the_known_proposal():
    row = make_proposal()
    # Ten a week without a swing: 17 days of lead time and review expect 24.3, Poisson's 95 % of them is 33 or so,
    # more for a supplier that may come 4 days late; sqrt(2 * 520 * 5 / (4 * 0.2)) = 80.6 are economic: 7 packs of 12.
    assert row.reason["weekly"] == pytest.approx(10, abs=0.01)
    assert row.reason["expected"] == pytest.approx(24.3, abs=0.1)
    assert 32 <= row.reason["reorder_point"] <= 38
    assert row.reason["economic"] == 81
    assert (row.pieces, row.cost, row.value) == (84, 4, 336)
    assert row.days_of_cover == pytest.approx(3.5)


def test_what_lasts_is_not_bought():
    make_known(left=50)
    assert run()["made"] == 0


def test_what_is_ordered_already_counts():
    sku = make_known()
    supplier = sku.suppliers.get().supplier
    draft_purchase.draft(supplier, sku.levels.get().location, {sku: 60})
    assert run()["made"] == 0


def test_twice_in_a_night_adds_nothing():
    make_proposal()
    before = list(Proposal.objects.values()), list(Forecast.objects.values("pk", "mean", "variance"))
    assert run().items() >= NOTHING.items()
    assert (list(Proposal.objects.values()), list(Forecast.objects.values("pk", "mean", "variance"))) == before


def test_the_workers_do_the_same_step_by_step():
    make_known()
    start()
    start()
    deliver("inventory.tasks.replenish_step")
    assert Proposal.objects.open().get().pieces == 84


def test_weeks_without_stock_say_nothing_about_demand():
    sku = make_sku(40)
    sell(sku, [10, 10, 10, 10], ago=4)
    backdate(sku, 8)
    # Everything was taken four weeks ago; since then there was nothing to sell.
    past = history([sku.pk], week=this_week())
    assert list(past.days_out[0, -4:]) == [4, 7, 7, 7]
    assert [str(pieces) for pieces in past.demand[0, -6:]] == ["10.0", "10.0", "nan", "nan", "nan", "nan"]
    run()
    assert Forecast.objects.get(sku=sku).weekly > 5


def test_orders_of_the_system_before_count_where_most_of_it_lies():
    sku, full = make_sku(1), make_location()
    stock.receive(sku, full, 9)
    day = timezone.now() - WEEK
    record = OrderRecord("OLD-1", day, rows=[1], lines=[Line(1, sku.code, sku.name, 4, Decimal(9))])
    historic.write(make_channel(), [record], skus={sku.code: sku}, actor="user:1")
    past = history([sku.pk], week=this_week())
    assert past.ordered[past.pairs.index((sku.pk, full.pk)), -1] == 4
    assert past.ordered.sum() == 4


def test_what_was_cancelled_is_no_demand():
    sku = make_known()
    for order in Order.objects.all():
        cancel(order.pk, reason="changed mind", actor="user:1")
    run()
    assert Forecast.objects.get(sku=sku).weekly == 0


def test_an_open_proposal_follows_what_changed():
    row = make_proposal()
    sell(row.sku, [5], ago=0)
    assert run()["changed"] == 1
    row.refresh_from_db()
    assert row.reason["position"] == 0


def test_a_proposal_expires_when_goods_come():
    row = make_proposal()
    stock.receive(row.sku, row.location, 200)
    assert run()["expired"] == 1
    row.refresh_from_db()
    assert row.status == Proposal.Status.EXPIRED


def test_declined_stays_declined_until_more_is_wanted():
    row = make_proposal()
    decide_proposal.decline(row.pk, reason="a fair next week", actor="user:1")
    assert run()["made"] == 0
    sell(row.sku, [5], ago=0)
    assert run()["made"] == 0  # a few pieces more are no news
    Proposal.objects.filter(pk=row.pk).update(pieces=48)
    assert run()["made"] == 1
    row.refresh_from_db()
    assert not row.is_holding
    assert run().items() >= NOTHING.items()


def test_a_decline_is_forgotten_when_the_need_was_gone():
    row = make_proposal()
    decide_proposal.decline(row.pk, reason="not now", actor="user:1")
    stock.receive(row.sku, row.location, 200)
    run()
    stock.adjust(row.sku, row.location, -200, reason="damaged", actor="user:1")
    assert run()["made"] == 1


def test_a_transfer_comes_before_buying():
    full, store = make_location("FULL"), make_location("SHOP", kind="store")
    sku = make_known(location=store)
    stock.receive(sku, full, 500)
    run()
    row = Proposal.objects.open().get()
    assert (row.kind, row.source, row.location, row.supplier) == (Proposal.Kind.TRANSFER, full, store, None)
    _, [transfer] = decide_proposal.accept({row.pk: None}, actor="user:1")
    assert [(line.sku, line.quantity) for line in transfer.lines.all()] == [(sku, row.pieces)]
    assert run()["made"] == 0


def test_a_fixed_minimum_is_filled_up_to_its_maximum():
    sku = make_sku(3, make_location())
    lists(make_supplier(), sku)
    ReorderPolicy.objects.create(sku=sku, method="min_max", minimum=3, maximum=20)
    run()
    assert Proposal.objects.open().get().pieces == 17


def test_the_narrowest_policy_holds():
    sku = make_sku(3, place := make_location())
    lists(make_supplier(), sku)
    ReorderPolicy.objects.create(method="min_max", minimum=9, maximum=90)
    ReorderPolicy.objects.create(location=place, method="min_max", minimum=9, maximum=80)
    own = ReorderPolicy.objects.create(sku=sku, method="min_max", minimum=9, maximum=70)
    run()
    assert Proposal.objects.open().get().policy == own


def test_accepting_drafts_one_order_for_each_supplier_and_location():
    first = make_proposal()
    listed = lists(first.supplier, make_sku(1, first.location))
    ReorderPolicy.objects.create(sku=listed.sku, method="min_max", minimum=5, maximum=9)
    other = make_proposal()
    rows = Proposal.objects.open()
    orders, _ = decide_proposal.accept({row.pk: None for row in rows} | {first.pk: 108}, actor="user:1")
    assert sorted(len(order.lines.all()) for order in orders) == [1, 2]
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.status, first.decided_pieces, first.value) == (Proposal.Status.EDITED, 108, 432)
    assert other.status == Proposal.Status.ACCEPTED
    assert first.purchase.lines.get(sku=first.sku).quantity == 108
    assert run()["made"] == 0


def test_what_is_decided_is_not_decided_again():
    row = make_proposal()
    decide_proposal.accept({row.pk: None}, actor="user:1")
    with pytest.raises(InvalidTransition, match="already"):
        decide_proposal.accept({row.pk: None}, actor="user:2")
    with pytest.raises(InvalidTransition, match="already"):
        decide_proposal.decline(row.pk, reason="late", actor="user:2")
    assert PurchaseOrder.objects.count() == 1


def test_one_that_cannot_be_ordered_refuses_all_of_them():
    good = make_proposal()
    sku = make_known()
    sku.suppliers.all().delete()
    run()
    with pytest.raises(Invalid, match="supplier's list"):
        decide_proposal.accept({row.pk: None for row in Proposal.objects.open()}, actor="user:1")
    for pieces in (0, -1, 10**9):
        with pytest.raises(Invalid):
            decide_proposal.accept({good.pk: pieces}, actor="user:1")
    with pytest.raises(Invalid, match="why"):
        decide_proposal.decline(good.pk, reason=" ", actor="user:1")
    assert Proposal.objects.open().count() == 2
    assert not PurchaseOrder.objects.exists()


def test_a_policy_orders_by_itself_within_its_budget():
    first, second = make_known(), make_known()
    policy = ReorderPolicy.objects.create(is_automatic=True, budget=Decimal(400))
    assert run()["ordered"] == 1  # each costs 336
    order = PurchaseOrder.objects.get()
    assert (order.status, order.created_by) == (PurchaseOrder.Status.SENT, "system")
    left = Proposal.objects.open().get()
    assert left.is_over_budget
    assert left.policy == policy
    assert run()["ordered"] == 0
    assert {first, second} == {left.sku, order.lines.get().sku}


def test_above_the_suppliers_limit_a_person_approves():
    sku = make_known()
    supplier = sku.suppliers.get().supplier
    supplier.approval_over = Decimal(100)
    supplier.save()
    ReorderPolicy.objects.create(is_automatic=True)
    run()
    assert PurchaseOrder.objects.get().status == PurchaseOrder.Status.DRAFT


def test_next_week_says_what_was_sold_in_this_one():
    row = make_proposal()
    Forecast.objects.update(week=this_week() - WEEK)
    run()
    last = Forecast.objects.get(week=this_week() - WEEK)
    assert (last.sku, last.actual, last.days_out) == (row.sku, 10, 0)


def test_dear_goods_are_of_class_a():
    dear, cheap = make_known(), make_known(weekly=1)
    run()
    classes = dict(Forecast.objects.values_list("sku", "abc_class"))
    assert classes == {dear.pk: "A", cheap.pk: "B"}


def test_it_runs_by_hand_for_one_location(capsys):
    row = make_known().levels.get()
    make_known()
    call_command("replenish", location=row.location.code, json=True)
    assert '"made": 1' in capsys.readouterr().out
    assert Proposal.objects.get().location == row.location


def test_more_skus_ask_the_database_no_more():
    place, counts = make_location(), []
    for _ in range(2):
        make_known(location=place)
        run()
        with CaptureQueriesContext(connection) as asked:
            run()
        counts.append(len(asked))
    assert counts[0] == counts[1]
