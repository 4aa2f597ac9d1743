from datetime import date

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services import pack
from fulfilment.services.pick import pick
from fulfilment.services.short import short
from inventory.models import BinStock, CountSession, Lot, StockEntry, StockLevel
from inventory.services import counts, stock, withhold
from oms.lib.errors import Invalid
from oms.outbox.models import Event
from orders.services import backorder
from orders.services.cancel import cancel
from tests.fulfilment.make import ACTOR, confirmed, make_bin, released, work_of
from tests.inventory.test_lots import make_lots
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def level(sku, location):
    row = StockLevel.objects.get(sku=sku, location=location)
    return row.on_hand, row.reserved, row.unavailable


def in_bin(sku, code):
    return BinStock.objects.get(sku=sku, bin__code=code).quantity


def two_bins(*quantities):
    location, cup = make_location(), make_sku()
    for number, quantity in enumerate(quantities, start=1):
        make_bin(location, f"A-{number}", sku=cup, quantity=quantity)
    return location, cup


def test_the_next_bin_appears():
    location, cup = two_bins(3, 4)
    order = confirmed((cup, 3))
    pick_list = released(order)
    task = pick_list.tasks.get()

    again = short(task.pk, pieces=2, reason="missing", actor=ACTOR)

    assert (str(again.bin), again.quantity, again.pick_list) == ("A-2", 2, pick_list)
    assert level(cup, location) == (5, 3, 0)
    assert in_bin(cup, "A-1") == 1
    assert [row.status for row in order.allocations.all()] == ["on_floor"]
    assert [t.pk for t in pick_list.tasks.open().in_walking_order()] == [task.pk, again.pk]


def test_what_nobody_has_is_backordered_for_this_order_and_the_rest_goes_on():
    location, cup = two_bins(3)
    order = confirmed((cup, 3))
    task = released(order).tasks.get()
    pick(task.pk, picked=1, actor=ACTOR)

    assert short(task.pk, reason="missing", actor=ACTOR) is None

    assert level(cup, location) == (1, 1, 0)
    assert in_bin(cup, "A-1") == 0
    statuses = sorted((row.status, row.quantity) for row in order.allocations.all())
    assert statuses == [("backordered", 2), ("picked", 1)]
    [line] = work_of(order).lines.all()
    assert (line.picked, line.short, line.wanted) == (1, 2, 1)
    assert work_of(order).picked_at
    order.refresh_from_db()
    assert order.promised_current is None
    assert Event.objects.filter(name="order.backordered").count() == 1
    assert [line.on_floor for line in order.lines.all()] == [1]


def test_other_orders_keep_their_promise():
    """The one whose piece is missing loses it, not the one who was promised it first or last."""
    location, cup = two_bins(2)
    first, second = confirmed((cup, 1)), confirmed((cup, 1))
    task = released(first).tasks.get()
    short(task.pk, reason="missing", actor=ACTOR)
    assert [row.status for row in first.allocations.all()] == ["backordered"]
    assert [row.status for row in second.allocations.all()] == ["reserved"]
    assert level(cup, location) == (1, 1, 0)


def test_short_pieces_come_from_another_warehouse():
    here, cup = two_bins(2)
    order = confirmed((cup, 2))
    task = released(order).tasks.get()
    elsewhere = make_location()
    make_bin(elsewhere, "Z-1", sku=cup, quantity=5)

    short(task.pk, reason="missing", actor=ACTOR)

    rows = FulfilmentOrder.objects.filter(order=order).order_by("pk")
    assert [(row.location, row.status) for row in rows] == [(here, "cancelled"), (elsewhere, "open")]
    assert level(cup, elsewhere) == (5, 2, 0)
    order.refresh_from_db()
    assert order.promised_current


def test_damaged_pieces_stay_in_quarantine():
    location, cup = two_bins(3, 4)
    task = released(confirmed((cup, 3))).tasks.get()
    short(task.pk, pieces=1, reason="damaged", actor=ACTOR)
    assert level(cup, location) == (7, 3, 1)
    assert in_bin(cup, "QUARANTINE") == 1


def test_all_short_ends_the_list():
    _, cup = two_bins(2)
    order = confirmed((cup, 2))
    pick_list = released(order)
    short(pick_list.tasks.get().pk, reason="wrong_item", actor=ACTOR)
    pick_list.refresh_from_db()
    assert pick_list.status == "done"
    assert work_of(order).status == "cancelled"


def test_reporting_twice_counts_once():
    location, cup = two_bins(2)
    task = released(confirmed((cup, 2))).tasks.get()
    short(task.pk, reason="missing", actor=ACTOR)
    assert short(task.pk, reason="missing", actor=ACTOR) is None
    assert level(cup, location) == (0, 0, 0)


@pytest.mark.parametrize(
    ("fields", "words"), [({"pieces": 4}, "3 pieces are left"), ({"reason": "lazy"}, "Choose why")]
)
def test_nonsense_is_refused(fields, words):
    location, cup = two_bins(3)
    task = released(confirmed((cup, 3))).tasks.get()
    with pytest.raises(Invalid, match=words):
        short(task.pk, **{"reason": "missing", "actor": ACTOR} | fields)
    assert level(cup, location) == (3, 3, 0)
    task.refresh_from_db()
    assert task.short == 0


def test_bin_whose_book_is_empty_already_loses_nothing_more():
    """Somebody moved the pieces: the picker reports them short, and the book finds them where they are."""
    location, cup = two_bins(2)
    task = released(confirmed((cup, 2))).tasks.get()
    shelf, other = task.bin, make_bin(location, "B-1")
    BinStock.objects.filter(bin=shelf).update(bin=other)

    again = short(task.pk, reason="missing", actor=ACTOR)
    assert (str(again.bin), again.quantity) == ("B-1", 2)
    assert level(cup, location) == (2, 2, 0)


def test_the_bin_is_to_be_counted_once_unless_the_pieces_were_damaged():
    _, cup = two_bins(3, 4)
    task = released(confirmed((cup, 3))).tasks.get()
    again = short(task.pk, pieces=1, reason="missing", actor=ACTOR)
    short(task.pk, pieces=1, reason="wrong_item", actor=ACTOR)
    short(again.pk, reason="damaged", actor=ACTOR)
    count = CountSession.objects.get()
    assert (count.bin, count.origin, count.status, count.opened_by) == (task.bin, "short", "open", ACTOR)
    counts.enter_missing(count.pk, actor="user:2")
    counts.enter(count.pk, cup, 1, bin=count.bin, actor="user:2")
    counts.post_count(count.pk, actor="user:2")
    assert CountSession.objects.get().status == "posted"


@pytest.fixture
def milk():
    """Two pieces each of the lots OLD and NEW, in one shelf; OLD expires first."""
    location, milk = make_location(), make_sku(code="MILK", tracking="lot")
    shelf = make_bin(location, "A-1")
    for lot in make_lots(milk, "OLD", "NEW"):
        stock.receive(milk, location, 2, bin=shelf, lot=lot)
    return milk


def of_lots(sku):
    return dict(BinStock.objects.filter(sku=sku, quantity__gt=0).values_list("lot__code", "quantity"))


def expire(lot):
    Lot.objects.filter(pk=lot.pk).update(expires_on=date(2020, 1, 1))


@pytest.mark.parametrize(("reason", "left"), [("missing", 2), ("damaged", 4)])
def test_the_lot_that_is_missed_goes_and_a_colleague_finds_his(milk, reason, left):
    first, second = (released(confirmed((milk, 2))).tasks.get() for _ in range(2))
    assert (first.lot.code, second.lot.code) == ("OLD", "NEW")
    short(second.pk, reason=reason, actor=ACTOR)
    assert sum(of_lots(milk).values()) == left
    assert BinStock.objects.get(lot=second.lot, bin=second.bin).quantity == 0
    pick(first.pk, picked=2, actor=ACTOR)


@pytest.mark.parametrize("is_withheld", [True, False])
def test_a_lot_that_expired_under_the_picker_stays_and_the_next_is_taken(milk, is_withheld):
    task = released(confirmed((milk, 2))).tasks.get()
    expire(task.lot)
    if is_withheld:
        withhold.withhold_due()
    with pytest.raises(Invalid, match="Leave it, and report the pick as short"):
        pick(task.pk, picked=2, actor=ACTOR)

    again = short(task.pk, reason="missing", actor=ACTOR)

    assert (again.lot.code, again.bin, again.quantity) == ("NEW", task.bin, 2)
    assert of_lots(milk) == {"OLD": 2, "NEW": 2}
    assert level(milk, task.bin.location) == (4, 2, 2)
    assert BinStock.objects.get(lot=task.lot).withheld == 2
    assert not CountSession.objects.exists()
    assert withhold.withhold_due() == 0
    pick(again.pk, picked=2, actor=ACTOR)


def test_a_blocked_lot_that_nothing_replaces_is_no_longer_promised(milk):
    """Nothing of it could be withheld while pickers were after it."""
    other = confirmed((milk, 2))
    order = confirmed((milk, 2))
    task = released(other, order).tasks.get(fulfilment_line__allocation__line__order=order)
    Lot.objects.filter(pk=task.lot_id).update(blocked_at=timezone.now(), block_reason="glass")
    assert short(task.pk, reason="missing", actor=ACTOR) is None
    assert [row.status for row in order.allocations.all()] == ["backordered"]
    assert [row.status for row in other.allocations.all()] == ["on_floor"]
    assert level(milk, task.bin.location) == (4, 2, 2)
    assert list(StockEntry.objects.filter(bucket="unavailable").values_list("reason", "lot")) == [
        ("blocked", task.lot_id)
    ]


def test_a_damaged_piece_that_was_withheld_is_unfit_once(milk):
    task = released(confirmed((milk, 2))).tasks.get()
    expire(task.lot)
    withhold.withhold_due()
    short(task.pk, reason="damaged", actor=ACTOR)
    assert level(milk, task.bin.location) == (4, 2, 2)
    assert in_bin(milk, "QUARANTINE") == 2


def test_what_is_left_is_packed_when_it_was_packed_before_the_rest_fell_short():
    location = make_location()
    cup, pot = make_sku(), make_sku()
    make_bin(location, "A-1", sku=cup, quantity=5)
    make_bin(location, "A-2", sku=pot, quantity=1)
    order = confirmed((cup, 1), (pot, 1))
    first, second = released(order).tasks.in_walking_order()
    pick(first.pk, picked=1, actor=ACTOR)
    scanned = pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    pack.close_parcel(scanned.parcel_id, weight_g=300, actor=ACTOR)
    short(second.pk, reason="missing", actor=ACTOR)
    assert work_of(order).status == "packed"


@pytest.mark.corrupt(4)  # the bin says less than the level
def test_where_a_book_still_has_what_nobody_finds_it_is_not_asked_again():
    location, cup = two_bins(3)
    order = confirmed((cup, 3))
    task = released(order).tasks.get()
    BinStock.objects.filter(bin=task.bin).update(quantity=1)  # drifted: the level has three
    short(task.pk, reason="missing", actor=ACTOR)
    backorder.take_up(cup.pk)
    assert [row.location for row in order.allocations.all()] == [None]


def test_pieces_that_come_free_where_the_book_was_put_right_are_taken_up():
    location, cup = two_bins(3)
    order, other = confirmed((cup, 2)), confirmed((cup, 1))
    task = released(order).tasks.get()
    short(task.pk, pieces=1, reason="missing", actor=ACTOR)
    assert order.allocations.backordered().exists()
    cancel(other.pk, reason="customer", actor=ACTOR)
    backorder.take_up(cup.pk)
    assert not order.allocations.backordered().exists()
