import pytest
from django.db import transaction

from fulfilment.models import PickTask
from fulfilment.services import pack
from fulfilment.services.pick import pause, pick, start, unpick
from inventory.models import Bin, BinStock, StockEntry
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Allocation
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_bin, make_shelf, released, work_of
from tests.make import make_location, make_sku
from tests.race import race

pytestmark = pytest.mark.django_db


def in_bins(sku):
    rows = BinStock.objects.filter(sku=sku, quantity__gt=0).order_by("bin__sort_key")
    return {str(row.bin): row.quantity for row in rows.select_related("bin")}


def test_pieces_go_from_the_bin_to_stage():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    pick_list = released(order)
    task = pick_list.tasks.get()

    pick(task.pk, picked=2, actor=ACTOR)
    assert in_bins(cup) == {"A-1": 3, "STAGE": 2}
    assert work_of(order).status == "picking"
    assert Allocation.objects.get().status == "on_floor"

    pick(task.pk, picked=3, actor=ACTOR)
    assert Allocation.objects.get().status == "picked"
    assert work_of(order).picked_at
    pick_list.refresh_from_db()
    assert pick_list.status == "done"


def test_the_same_confirmation_counts_once():
    _, (cup,) = make_shelf(5)
    task = released(confirmed((cup, 3))).tasks.get()
    for _ in range(2):
        pick(task.pk, picked=2, actor=ACTOR)
    task.refresh_from_db()
    assert task.picked == 2
    assert in_bins(cup) == {"A-1": 3, "STAGE": 2}


@pytest.mark.parametrize(("picked", "words"), [(4, "Take 3 pieces"), (1, "2 pieces are picked already")])
def test_wrong_count_is_refused(picked, words):
    _, (cup,) = make_shelf(5)
    task = released(confirmed((cup, 3))).tasks.get()
    pick(task.pk, picked=2, actor=ACTOR)
    with pytest.raises(Invalid, match=words):
        pick(task.pk, picked=picked, actor=ACTOR)
    task.refresh_from_db()
    assert task.picked == 2


def test_bin_that_holds_less_refuses_and_nothing_is_recorded():
    location, (cup,) = make_shelf(3)
    task = released(confirmed((cup, 3))).tasks.get()
    other = make_bin(location, "Z-9")
    stock.move(cup, Bin.objects.get(code="A-1"), other, 2)

    with pytest.raises(Invalid, match="holds only 1"), transaction.atomic():
        pick(task.pk, picked=3, actor=ACTOR)
    task.refresh_from_db()
    assert task.picked == 0
    assert work_of(task.fulfilment_line.fulfilment_order.order).status == "released"


def test_a_line_from_two_bins_is_picked_when_both_are():
    location, cup = make_location(), make_sku()
    make_bin(location, "A-1", sku=cup, quantity=1)
    make_bin(location, "A-2", sku=cup, quantity=1)
    order = confirmed((cup, 2))
    first, second = released(order).tasks.in_walking_order()

    pick(first.pk, picked=1, actor=ACTOR)
    assert [(row.status, row.quantity) for row in order.allocations.all()] == [("on_floor", 2)]
    pick(second.pk, picked=1, actor=ACTOR)
    assert [(row.status, row.quantity) for row in order.allocations.all()] == [("picked", 2)]


def test_location_without_stock_has_tasks_without_bins():
    make_location(tracks_stock=False)
    cup = make_sku()
    order = confirmed((cup, 2))
    task = released(order).tasks.get()
    assert task.bin is None
    pick(task.pk, picked=2, actor=ACTOR)
    assert order.allocations.get().status == "picked"
    assert not StockEntry.objects.exists()


def test_taking_a_list(django_user_model):
    ann, ben = (django_user_model.objects.create(username=name) for name in ("ann", "ben"))
    _, (cup,) = make_shelf(5)
    pick_list = released(confirmed((cup, 3)))
    start(pick_list.pk, picker=ann, actor=ACTOR)
    started = start(pick_list.pk, picker=ben, actor=ACTOR)
    assert (started.status, started.picker) == ("picking", ben)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_pickers_confirm_one_task():
    _, (cup,) = make_shelf(5)
    task = released(confirmed((cup, 3))).tasks.get()
    race(lambda number: pick(task.pk, picked=3, actor=f"user:{number}").picked, 6)
    assert in_bins(cup) == {"A-1": 2, "STAGE": 3}
    assert StockEntry.objects.filter(reason="pick").count() == 2


def test_locks(assert_locks):
    _, (cup,) = make_shelf(5)
    task = released(confirmed((cup, 3))).tasks.get()
    pick(task.pk, picked=1, actor=ACTOR)  # the first pick of a location makes its STAGE
    with assert_locks(
        "orders_order",
        "orders_orderline",
        "orders_allocation",
        "fulfilment_fulfilmentorder",
        "fulfilment_picklist",
        "fulfilment_picktask",
        "fulfilment_picklist",
        "inventory_stocklevel",
        "inventory_binstock",
    ):
        pick(task.pk, picked=2, actor=ACTOR)


def test_an_undone_pick_lies_in_its_bin_and_is_to_be_picked_again():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    pick_list = released(order)
    task = pick_list.tasks.get()
    pick(task.pk, picked=3, actor=ACTOR)
    for _ in range(2):
        unpick(task.pk, actor=ACTOR)
    task.refresh_from_db()
    pick_list.refresh_from_db()
    assert (task.picked, task.left, pick_list.status) == (0, 3, "picking")
    assert (in_bins(cup), Allocation.objects.get().status) == ({"A-1": 5}, "on_floor")
    assert work_of(order).picked_at is None
    assert PickTask.objects.last_picked() is None

    pick(task.pk, picked=3, actor=ACTOR)
    assert in_bins(cup) == {"A-1": 2, "STAGE": 3}


def test_what_is_packed_is_not_undone_by_the_picker():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    task = released(order).tasks.get()
    pick(task.pk, picked=2, actor=ACTOR)
    pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="undo it at the bench"):
        unpick(task.pk, actor=ACTOR)
    assert in_bins(cup) == {"A-1": 3, "STAGE": 2}


def test_what_a_cancellation_asks_for_is_not_undone():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    task = released(order).tasks.get()
    pick(task.pk, picked=2, actor=ACTOR)
    cancel(order.pk, reason="changed mind")
    deliver()
    with pytest.raises(InvalidTransition, match="wanted back"):
        unpick(task.pk, actor=ACTOR)
    assert in_bins(cup) == {"A-1": 3, "STAGE": 2}


def test_a_list_that_is_left_waits_for_whoever_goes_on(django_user_model):
    _, (cup,) = make_shelf(5)
    pick_list = released(confirmed((cup, 2)))
    ben, eva = django_user_model.objects.create_user("ben"), django_user_model.objects.create_user("eva")
    start(pick_list.pk, picker=ben, actor=ACTOR)
    assert pause(pick_list.pk).status == "open"
    assert pause(pick_list.pk).status == "open"
    taken = start(pick_list.pk, picker=eva, actor=ACTOR)
    assert (taken.status, taken.picker) == ("picking", eva)
