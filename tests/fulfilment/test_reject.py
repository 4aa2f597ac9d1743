import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services import pack
from fulfilment.services.pick import pick
from fulfilment.services.reject import reject
from inventory.models import Location, StockLevel
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from oms.papers.models import Message
from orders.services import backorder
from orders.services.resource import apply, choose_orders, propose
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

PARTNER = "partner:1"
Status = FulfilmentOrder.Status


def reserved(sku, location):
    return StockLevel.objects.get(sku=sku, location=location).reserved


def test_rejected_work_is_sourced_elsewhere():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = confirmed((cup, 2))
    here = make_location()
    stock.receive(cup, here, 5)
    row = work_of(order)

    for _ in range(2):
        reject(row.pk, reason="closed", actor=PARTNER)

    rows = FulfilmentOrder.objects.filter(order=order).order_by("pk")
    assert [(row.location, row.status) for row in rows] == [(depot, "rejected"), (here, "open")]
    assert rows[0].reject_reason == "closed"
    assert (reserved(cup, depot), reserved(cup, here)) == (0, 2)


def test_without_another_location_it_is_backordered():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = confirmed((cup, 2))
    reject(work_of(order).pk, reason="closed", actor=PARTNER)
    assert order.allocations.get().status == "backordered"
    assert reserved(cup, depot) == 0
    order.refresh_from_db()
    assert order.fulfilment_state == "backordered"


def test_a_part_is_rejected_and_the_rest_goes_on():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    cup = make_sku(5, depot)
    order = confirmed((cup, 3))
    line = work_of(order).lines.get()
    reject(work_of(order).pk, lines={line.pk: 1}, reason="broken", actor=PARTNER)
    line.refresh_from_db()
    assert (line.wanted, line.short) == (2, 1)
    assert work_of(order).status == "released"
    assert reserved(cup, depot) == 2


def test_picked_pieces_are_not_rejected():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    task = released(order).tasks.get()
    pick(task.pk, picked=1, actor=ACTOR)
    line = work_of(order).lines.get()
    with pytest.raises(Invalid, match="1 of"):
        reject(work_of(order).pk, lines={line.pk: 2}, reason="closed", actor=ACTOR)
    reject(work_of(order).pk, reason="closed", actor=ACTOR)
    assert sorted(order.allocations.values_list("status", "quantity")) == [("backordered", 1), ("picked", 1)]
    task.refresh_from_db()
    assert task.left == 0


def test_packed_work_and_silence_are_refused():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    packed(order)
    with pytest.raises(InvalidTransition, match="packed and cannot be rejected"):
        reject(work_of(order).pk, reason="closed", actor=ACTOR)
    other = confirmed((cup, 1))
    released(other)
    with pytest.raises(Invalid, match="Say why"):
        reject(work_of(other).pk, reason=" ", actor=ACTOR)
    assert work_of(other).status == "released"


def test_what_is_packed_is_ready_to_leave_when_the_rest_is_rejected():
    _, (cup, pot) = make_shelf(5, 5)
    order = confirmed((cup, 1), (pot, 1))
    pick(released(order).tasks.get(sku=cup).pk, picked=1, actor=ACTOR)
    scanned = pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    pack.close_parcel(scanned.parcel_id, weight_g=300, actor=ACTOR)
    reject(work_of(order).pk, reason="broken", actor=ACTOR)
    assert work_of(order).status == "packed"


def rejected(order):
    """Reject the work of an order until nobody is asked any more; returns the locations that were asked."""
    asked = []
    for _ in range(4):
        deliver()
        backorder.take_up_all()
        row = FulfilmentOrder.objects.filter(order=order, status__in=[Status.OPEN, Status.RELEASED]).first()
        if row is None:
            break
        if row.status == Status.OPEN:
            released(order)
        asked.append(row.location)
        reject(row.pk, reason="broken", actor=ACTOR)
    deliver()
    return asked


def test_a_location_is_not_asked_again_for_what_it_rejected():
    depot = make_location()
    cup = make_sku(5, depot)
    order = confirmed((cup, 1))
    assert rejected(order) == [depot]
    assert order.allocations.get().refused_by == [depot.pk]
    here = make_location()
    stock.receive(cup, here, 5)
    assert rejected(order) == [here]
    other = confirmed((cup, 1))
    assert other.allocations.get().location in (depot, here)


def test_the_customer_hears_once_that_it_takes_longer():
    depot = make_location(kind=Location.Kind.THIRD_PARTY)
    order = confirmed((make_sku(5, depot), 1))
    rejected(order)
    kinds = Message.objects.of(order.subject).values_list("kind", flat=True)
    assert sorted(kinds) == ["order_confirmation", "order_delayed"]


def test_more_that_comes_there_is_asked_for():
    depot = make_location()
    cup = make_sku(5, depot)
    order = confirmed((cup, 1))
    deliver()
    released(order)
    reject(work_of(order).pk, reason="broken", actor=ACTOR)
    deliver()
    assert order.allocations.get().location is None
    stock.receive(cup, depot, 1)
    deliver()
    assert order.allocations.get().location == depot


def test_a_person_may_ask_it_again():
    depot = make_location()
    order = confirmed((make_sku(5, depot), 1))
    deliver()
    released(order)
    reject(work_of(order).pk, reason="broken", actor=ACTOR)
    deliver()
    apply(propose(choose_orders(sku=order.lines.get().sku)).groups, actor=ACTOR)
    assert order.allocations.get().location == depot
