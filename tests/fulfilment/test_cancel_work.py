from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PutBack
from fulfilment.services import cancel_work, pack
from fulfilment.services.assign import acknowledge
from fulfilment.services.pick import pick
from fulfilment.services.release import release, withdraw
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.models import Bin, BinStock, Location, StockLevel
from inventory.services import stock
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.models import Order
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_bin, make_shelf, packed, picked, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def ask(order, lines=None):
    """CS cancels, and the floor hears of it."""
    cancel(order.pk, lines=lines, reason="changed mind", actor="user:7")
    deliver()
    order.refresh_from_db()


def level(sku):
    row = StockLevel.objects.get(sku=sku)
    return row.on_hand, row.reserved


def lines(order):
    return [(line.cancelled, line.on_floor, line.shipped) for line in order.lines.all()]


def test_what_nobody_picked_is_given_up_at_once():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    pick_list = released(order)
    ask(order)
    assert (order.status, order.cancel_requested_at) == ("cancelled", None)
    assert work_of(order).status == "cancelled"
    assert level(cup) == (5, 0)
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.tasks.open().count()) == ("done", 0)


def test_a_part_is_given_up_and_the_rest_is_complete():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    task = released(order).tasks.get()
    pick(task.pk, picked=2, actor=ACTOR)
    ask(order, {order.lines.get().pk: 1})
    assert lines(order) == [(1, 2, 0)]
    assert order.cancel_requested_at is None
    assert sorted(order.allocations.values_list("status", "quantity")) == [("freed", 1), ("picked", 2)]
    assert work_of(order).picked_at
    assert level(cup) == (5, 2)


def test_picked_pieces_stop_the_work_until_somebody_takes_them_out():
    _, (cup, pot) = make_shelf(5, 5)
    order = confirmed((cup, 2), (pot, 1))
    parcel = packed(order)
    ask(order, {order.lines.get(sku=cup).pk: 1})

    assert FulfilmentOrder.objects.with_stop().get().is_stopped
    assert order.cancel_requested_at
    with pytest.raises(InvalidTransition, match="STOP"):
        ship(work_of(order).pk, actor=ACTOR)

    for _ in range(2):
        cancel_work.accept(work_of(order).pk, actor=ACTOR)
    order.refresh_from_db()
    assert order.cancel_requested_at is None
    assert lines(order) == [(1, 1, 0), (0, 1, 0)]
    assert level(cup) == (5, 1)
    parcel.refresh_from_db()
    assert parcel.status == "packing"
    assert sorted(parcel.lines.values_list("sku__code", "quantity")) == sorted([(cup.code, 1), (pot.code, 1)])

    pack.close_parcel(parcel.pk, actor=ACTOR)
    ship(work_of(order).pk, actor=ACTOR)
    assert (level(cup), level(pot)) == ((4, 0), (4, 0))


def test_taken_out_pieces_are_put_back():
    location, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    picked(order)
    ask(order)
    cancel_work.accept(work_of(order).pk, actor=ACTOR)
    order.refresh_from_db()
    assert (order.status, work_of(order).status) == ("cancelled", "cancelled")
    row = PutBack.objects.open().get()
    assert (row.quantity, str(row.bin)) == (2, "A-1")

    for _ in range(2):
        cancel_work.put_back(row.pk, actor=ACTOR)
    assert dict(BinStock.objects.values_list("bin__code", "quantity")) == {"A-1": 5, "STAGE": 0}
    assert not PutBack.objects.open().exists()


def test_goods_are_not_put_back_into_another_building():
    _, (cup,) = make_shelf(5)
    _, (pot,) = make_shelf(1)
    order = confirmed((cup, 2))
    picked(order)
    ask(order)
    cancel_work.accept(work_of(order).pk, actor=ACTOR)
    foreign = BinStock.objects.get(sku=pot).bin
    with pytest.raises(InvalidTransition, match="Put the goods into a bin of"):
        cancel_work.put_back(PutBack.objects.get().pk, bin=foreign, actor=ACTOR)
    assert PutBack.objects.open().exists()


def test_goods_are_not_put_back_among_the_unfit():
    location, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    picked(order)
    ask(order)
    cancel_work.accept(work_of(order).pk, actor=ACTOR)
    unfit = stock.system_bin(location, Bin.Kind.QUARANTINE)
    with pytest.raises(InvalidTransition, match="into a shelf bin, not into QUARANTINE.*use Quarantine"):
        cancel_work.put_back(PutBack.objects.get().pk, bin=unfit, actor=ACTOR)
    assert PutBack.objects.open().exists()
    assert dict(BinStock.objects.values_list("bin__code", "quantity")) == {"A-1": 3, "STAGE": 2}


def test_too_late_goes_on_its_way():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    packed(order)
    ask(order)
    cancel_work.refuse(work_of(order).pk, actor=ACTOR)
    order.refresh_from_db()
    assert (order.status, order.cancel_requested_at) == ("confirmed", None)
    assert Event.objects.filter(name="order.cancel_refused").count() == 1
    ship(work_of(order).pk, actor=ACTOR)
    assert level(cup) == (3, 0)


def test_what_left_between_question_and_answer_is_refused():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    packed(order)
    cancel(order.pk, reason="changed mind")
    ship(work_of(order).pk, actor=ACTOR)
    deliver()
    order.refresh_from_db()
    assert (order.status, order.cancel_requested_at) == ("confirmed", None)
    assert lines(order) == [(0, 0, 2)]
    assert Event.objects.filter(name="order.cancel_refused").count() == 1


def test_what_came_back_between_question_and_answer_is_freed():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    pick_list = released(order)
    cancel(order.pk, reason="changed mind")
    withdraw(pick_list.pk, actor=ACTOR)
    deliver()
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert work_of(order).status == "cancelled"
    assert level(cup) == (5, 0)


def test_3pl_gives_up_what_it_has_not_acknowledged():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = confirmed((cup, 2))
    ask(order)
    assert order.status == "cancelled"
    assert level(cup) == (5, 0)


@pytest.mark.parametrize("is_accepted", [True, False])
def test_3pl_that_acknowledged_is_asked(is_accepted):
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = confirmed((cup, 2))
    acknowledge(work_of(order).pk, actor="partner:1")
    ask(order)
    assert order.cancel_requested_at
    answer = cancel_work.accept if is_accepted else cancel_work.refuse
    answer(work_of(order).pk, actor="partner:1")
    order.refresh_from_db()
    assert order.cancel_requested_at is None
    assert (order.status, level(cup)) == (("cancelled", (5, 0)) if is_accepted else ("confirmed", (5, 2)))


def test_shipment_taken_back_can_be_cancelled():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    packed(order)
    ship(work_of(order).pk, actor=ACTOR)
    unship(work_of(order).pk, actor=ACTOR)
    ask(order)
    cancel_work.accept(work_of(order).pk, actor=ACTOR)
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert level(cup) == (5, 0)


def test_the_answer_to_one_request_leaves_the_next_waiting():
    ours, theirs = make_location(), make_location(kind=Location.Kind.THIRD_PARTY)
    cup, pot = make_sku(), make_sku(5, theirs)
    make_bin(ours, sku=cup, quantity=5)
    order = confirmed((cup, 1), (pot, 1))
    released(order)
    row = FulfilmentOrder.objects.get(order=order, location=theirs)
    acknowledge(row.pk, actor="partner:1")
    for sku in (cup, pot):
        cancel(order.pk, lines={order.lines.get(sku_code=sku.code).pk: 1}, reason="changed mind")
    deliver()
    order.refresh_from_db()
    assert order.cancel_requested_at
    Order.objects.update(cancel_requested_at=timezone.now() - timedelta(days=9))
    assert cancel_work.escalate_due() == 1


def test_who_cancels_again_what_waits_for_an_answer_is_not_told_that_it_left():
    _, (cup,) = make_shelf(1)
    make_bin(make_location(), sku=cup, quantity=1)
    order = confirmed((cup, 2))
    left, waits = FulfilmentOrder.objects.filter(order=order).order_by("pk")
    for row in (left, waits):
        pick_list = release([row.pk], actor=ACTOR).pick_list
        pick(pick_list.tasks.get().pk, picked=1, actor=ACTOR)
    in_parcel = pack.scan(left.pk, cup.code, actor=ACTOR)
    pack.close_parcel(in_parcel.parcel_id, weight_g=800, actor=ACTOR)
    ship(left.pk, actor=ACTOR)
    for _ in range(2):
        ask(order)
        assert order.cancel_requested_at
    assert not Event.objects.filter(name="order.cancel_refused").exists()
    cancel_work.accept(waits.pk, actor=ACTOR)
    order.refresh_from_db()
    assert (order.cancel_requested_at, lines(order)) == (None, [(1, 0, 1)])
