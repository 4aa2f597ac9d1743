import pytest

from fulfilment.models import FulfilmentOrder, PickList, PickTask
from fulfilment.services.pick import pick
from fulfilment.services.release import release, withdraw
from inventory.models import Bin
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import Allocation
from orders.services import holds
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_bin, make_shelf, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def test_one_walk_for_many_orders_in_bin_order():
    location = make_location()
    cup, pot = make_sku(code="CUP"), make_sku(code="POT")
    make_bin(location, "B-1", sku=cup, quantity=9)
    make_bin(location, "A-10", sku=pot, quantity=1)
    make_bin(location, "A-2", sku=pot, quantity=1)
    first, second = confirmed((cup, 1), (pot, 2)), confirmed((cup, 3))

    pick_list = released(first, second)

    walk = [(str(t.bin), t.sku.code, t.quantity, t.fulfilment_line.fulfilment_order.tote) for t in tasks(pick_list)]
    assert walk == [("A-2", "POT", 1, 1), ("A-10", "POT", 1, 1), ("B-1", "CUP", 1, 1), ("B-1", "CUP", 3, 2)]
    assert set(Allocation.objects.values_list("status", flat=True)) == {"on_floor"}
    assert [line.on_floor for line in first.lines.all()] == [1, 2]
    first.refresh_from_db()
    assert first.fulfilment_state == "on_floor"
    assert Event.objects.filter(name="pick_list.released").count() == 1


def test_urgent_orders_get_the_first_tote():
    _, (cup,) = make_shelf(9)
    normal, urgent = confirmed((cup, 1)), confirmed((cup, 1), priority=1)
    released(normal, urgent)
    assert (work_of(urgent).tote, work_of(normal).tote) == (1, 2)


def test_held_order_stays_on_the_board():
    _, (cup,) = make_shelf(9)
    held, free = confirmed((cup, 1)), confirmed((cup, 1))
    holds.put(held.pk, "manual", "ask first")

    answer = release([work_of(held).pk, work_of(free).pk], actor=ACTOR)

    assert answer.skipped == {work_of(held): f"Order {held} is on hold"}
    assert work_of(held).status == "open"
    assert work_of(free).pick_list == answer.pick_list


def test_second_release_makes_no_second_list():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 1))
    released(order)
    with pytest.raises(InvalidTransition, match="released already"):
        release([work_of(order).pk], actor=ACTOR)
    assert PickList.objects.count() == 1


def test_pieces_in_no_bin_are_named_and_nothing_is_released():
    location, (cup,) = make_shelf(2)
    order = confirmed((cup, 2))
    stock.move(cup, Bin.objects.get(code="A-1"), stock.system_bin(location, Bin.Kind.STAGE), 1)

    with pytest.raises(InvalidTransition, match=f"1 × {cup} are in no bin"):
        release([work_of(order).pk], actor=ACTOR)
    assert work_of(order).status == "open"
    assert not PickTask.objects.exists()
    assert Allocation.objects.get().status == "reserved"


def test_one_list_is_one_location():
    _, (cup,) = make_shelf(2)
    _, (pot,) = make_shelf(2)
    rows = [work_of(confirmed((cup, 1))), work_of(confirmed((pot, 1)))]
    with pytest.raises(Invalid, match="one location"):
        release([row.pk for row in rows], actor=ACTOR)
    assert not PickList.objects.exists()


def test_withdrawn_work_is_back_on_the_board_but_for_what_was_begun():
    _, (cup,) = make_shelf(9)
    begun, waiting = confirmed((cup, 2)), confirmed((cup, 1))
    pick_list = released(begun, waiting)
    pick(tasks(pick_list)[0].pk, picked=1, actor=ACTOR)

    assert withdraw(pick_list.pk, actor=ACTOR) == 1

    assert (work_of(begun).status, work_of(waiting).status) == ("picking", "open")
    assert [line.on_floor for line in waiting.lines.all()] == [0]
    assert withdraw(pick_list.pk, actor=ACTOR) == 0
    released(waiting)
    assert work_of(waiting).status == "released"


def test_withdrawing_all_cancels_the_list():
    _, (cup,) = make_shelf(9)
    pick_list = released(confirmed((cup, 1)))
    withdraw(pick_list.pk, actor=ACTOR)
    pick_list.refresh_from_db()
    assert pick_list.status == "cancelled"


def test_locks_orders_before_bins(assert_locks):
    _, (cup,) = make_shelf(9)
    row = FulfilmentOrder.objects.get(order=confirmed((cup, 1)))
    with assert_locks(
        "orders_order",
        "orders_orderline",
        "orders_allocation",
        "fulfilment_fulfilmentorder",
        "inventory_binstock",
        "orders_orderline",
    ):
        release([row.pk], actor=ACTOR)


def tasks(pick_list):
    return list(pick_list.tasks.in_walking_order().select_related("bin", "sku", "fulfilment_line__fulfilment_order"))


def test_what_was_cancelled_a_moment_ago_is_not_picked():
    """Nobody has told the warehouse yet: the event is still on its way when the lead releases."""
    _, (cup, pot) = make_shelf(9, 9)
    order = confirmed((cup, 5), (pot, 1))
    lines = {line.sku_id: line.pk for line in order.lines.all()}
    cancel(order.pk, lines={lines[cup.pk]: 2, lines[pot.pk]: 1}, reason="mind changed")
    pick_list = released(order)
    assert [(task.sku, task.quantity) for task in tasks(pick_list)] == [(cup, 3)]
    deliver()
    assert work_of(order).lines.get().quantity == 3


def test_work_whose_order_was_emptied_a_moment_ago_is_not_released():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 5))
    cancel(order.pk, reason="mind changed")
    with pytest.raises(InvalidTransition, match="Nothing to pick"):
        released(order)
    assert not PickTask.objects.exists()


def test_a_line_that_was_cancelled_on_the_floor_lets_the_rest_go_back():
    _, (cup, pot) = make_shelf(9, 9)
    order = confirmed((cup, 1), (pot, 1))
    pick_list = released(order)
    cancel(order.pk, lines={order.lines.get(sku_code=cup.code).pk: 1}, reason="changed mind")
    deliver()
    assert withdraw(pick_list.pk, actor=ACTOR) == 1
    deliver()
    assert [(line.sku, line.wanted) for line in work_of(order).lines.all()] == [(pot, 1)]


@pytest.mark.parametrize("ordered", [2, 3])
def test_pieces_that_were_cancelled_on_the_floor_are_not_picked_after_it_went_back(ordered):
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, ordered))
    pick_list = released(order)
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind")
    deliver()
    withdraw(pick_list.pk, actor=ACTOR)
    deliver()
    assert [task.quantity for task in released(order).tasks.all()] == [ordered - 1]


@pytest.mark.corrupt
def test_an_order_that_cannot_go_back_does_not_keep_the_others_on_the_list():
    _, (cup,) = make_shelf(9)
    stuck, free = confirmed((cup, 1)), confirmed((cup, 1))
    pick_list = released(stuck, free)
    stuck.allocations.update(status="shipped")
    assert withdraw(pick_list.pk, actor=ACTOR) == 1
    assert (work_of(stuck).status, work_of(free).status) == ("released", "open")
    assert [task.fulfilment_line.fulfilment_order for task in pick_list.tasks.all()] == [work_of(stuck)]
