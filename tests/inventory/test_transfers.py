"""A transfer's life: drafted, reserved, shipped, received in parts, its discrepancies named and explained."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Bin, KitComponent, StockEntry, Transfer, TransferLine
from inventory.services import draft_transfer, receive_transfer, ship_transfer, stock
from oms.lib.errors import InsufficientStock, Invalid, InvalidTransition
from oms.outbox.models import Event
from tests.fulfilment.make import confirmed, make_bin, released
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku
from tests.replay import replayed

pytestmark = pytest.mark.django_db
ARRIVES = date.today() + timedelta(days=30)


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def paris():
    return make_location("PAR")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


@pytest.fixture
@replayed
def ready(berlin, paris, mug):
    """Six mugs to go from Berlin to Paris, reserved."""
    transfer = draft_transfer.draft(berlin, paris, lines={mug: 6}, expected_on=ARRIVES)
    return draft_transfer.make_ready(transfer.pk)


@pytest.fixture
@replayed
def shipped(ready):
    return ship_transfer.ship(ready.pk)


def line_of(transfer):
    return transfer.lines.get()


def arrive(transfer, fit, damaged=0, **options):
    return receive_transfer.receive(transfer.pk, {line_of(transfer).pk: (fit, damaged)}, **options)


def entries(transfer):
    """[(reason, location, pieces on hand)] that the ledger has of a transfer."""
    rows = StockEntry.objects.filter(subject=transfer.subject, bucket="on_hand").order_by("pk")
    return list(rows.values_list("reason", "location__code", "delta"))


def test_made_ready_it_reserves_at_the_source(ready, mug, berlin):
    assert ready.status == Transfer.Status.READY
    assert level(mug, berlin) == (10, 6, 0)
    assert line_of(ready).reserved == 6


def test_shipped_it_is_in_no_book_and_inbound_at_the_target(shipped, mug, berlin, paris):
    assert level(mug, berlin) == (4, 0, 0)
    [line] = TransferLine.objects.inbound()
    assert (line.sku_id, line.location_id, line.open_pieces) == (mug.pk, paris.pk, 6)
    assert line.expected_on == ARRIVES


def test_a_day_of_arrival_is_assumed_where_nobody_says_one(berlin, paris):
    transfer = draft_transfer.draft(berlin, paris)
    assert transfer.expected_on == timezone.localdate() + timedelta(days=3)


def test_a_ready_one_is_inbound_too_a_draft_and_a_received_one_are_not(ready, berlin, paris, mug):
    draft_transfer.draft(berlin, paris, lines={mug: 1})
    assert [line.open_pieces for line in TransferLine.objects.inbound()] == [6]
    ship_transfer.ship(ready.pk)
    arrive(ready, 4)
    assert not TransferLine.objects.inbound().exists()


def test_received_whole_it_lies_in_the_dock_and_its_entries_sum_to_nothing(shipped, mug, berlin, paris):
    transfer = arrive(shipped, 6)
    assert transfer.status == Transfer.Status.RECEIVED
    assert (level(mug, paris), bins(mug, paris)) == ((6, 0, 0), {"DOCK": 6})
    assert entries(transfer) == [("transfer_out", "BER", -6), ("transfer_in", "PAR", 6)]


def test_a_part_keeps_it_open_and_the_rest_closes_it(shipped, mug, paris):
    assert arrive(shipped, 2, is_all=False).status == Transfer.Status.SHIPPED
    assert TransferLine.objects.inbound().get().open_pieces == 4
    assert arrive(shipped, 4, is_all=False).status == Transfer.Status.RECEIVED
    assert level(mug, paris) == (6, 0, 0)


def test_damaged_pieces_lie_in_quarantine_and_cannot_be_sold(shipped, mug, paris):
    transfer = arrive(shipped, 4, damaged=2)
    assert transfer.status == Transfer.Status.RECEIVED
    assert level(mug, paris) == (6, 0, 2)
    assert bins(mug, paris) == {"DOCK": 4, "QUARANTINE": 2}
    assert line_of(transfer).damaged == 2


def test_surplus_is_booked_by_its_own_name(shipped, mug, paris):
    transfer = arrive(shipped, 8)
    assert line_of(transfer).over == 2
    assert level(mug, paris) == (8, 0, 0)
    assert entries(transfer)[1:] == [("transfer_in", "PAR", 6), ("transfer_over", "PAR", 2)]


def test_damaged_surplus_is_unfit_and_surplus(shipped, mug, paris):
    transfer = arrive(shipped, 6, damaged=1)
    assert level(mug, paris) == (7, 0, 1)
    assert (line_of(transfer).over, line_of(transfer).damaged) == (1, 1)


def test_missing_pieces_wait_for_somebody_to_explain_them(shipped):
    arrive(shipped, 4)
    assert [line.in_transit for line in TransferLine.objects.missing()] == [2]
    assert list(Transfer.objects.open()) == [shipped]


def test_lost_pieces_are_written_off(shipped, mug, berlin):
    arrive(shipped, 4)
    receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 2, is_lost=True)
    assert level(mug, berlin) == (4, 0, 0)
    assert entries(shipped)[2:] == [("transfer_in", "BER", 2), ("transfer_lost", "BER", -2)]
    assert not Transfer.objects.open().exists()


def test_found_pieces_are_back_at_the_source(shipped, mug, berlin):
    arrive(shipped, 4)
    receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 2, is_lost=False)
    assert level(mug, berlin) == (6, 0, 0)
    assert sum(pieces for _, _, pieces in entries(shipped)) == 0


def test_no_more_is_explained_than_is_missing(shipped, refused):
    arrive(shipped, 4)
    with refused(Invalid, "2 pieces of it are missing"):
        receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 3, is_lost=True)
    receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 2, is_lost=True)
    with refused(Invalid, "0 pieces of it are missing"):
        receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 2, is_lost=True)


def test_fewer_can_be_shipped_and_the_rest_is_free_again(ready, mug, berlin):
    transfer = ship_transfer.ship(ready.pk, pieces={line_of(ready).pk: 5})
    assert level(mug, berlin) == (5, 0, 0)
    assert (line_of(transfer).shipped, line_of(transfer).reserved) == (5, 0)


@pytest.mark.parametrize("pieces", [7, 0, -1])
def test_more_than_is_reserved_or_nothing_does_not_leave(ready, refused, pieces):
    with refused(Invalid, "T.+"):
        ship_transfer.ship(ready.pk, pieces={line_of(ready).pk: pieces})


def test_it_leaves_from_bulk_first_and_not_what_a_picker_is_sent_for(paris):
    place = make_location()
    sku = make_sku()
    make_bin(place, "A-1", sku=sku, quantity=5)
    released(confirmed((sku, 3)))
    make_bin(place, "R-9", sku=sku, quantity=2, kind=Bin.Kind.BULK)
    transfer = draft_transfer.draft(place, paris, lines={sku: 4})
    draft_transfer.make_ready(transfer.pk)
    ship_transfer.ship(transfer.pk)
    assert bins(sku, place) == {"A-1": 3}


def test_what_was_picked_for_nothing_does_not_leave_with_it(berlin, paris, mug, refused):
    stock.move(mug, *(stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.STAGE)), 8)
    transfer = draft_transfer.draft(berlin, paris, lines={mug: 6})
    draft_transfer.make_ready(transfer.pk)
    with refused(Invalid, "Only 2 of MUG lie free in the bins of BER"):
        ship_transfer.ship(transfer.pk)


@pytest.mark.parametrize("give_up", [draft_transfer.cancel, draft_transfer.reopen])
def test_given_up_before_it_leaves_it_reserves_nothing_and_its_tally_begins_anew(ready, mug, berlin, give_up):
    receive_transfer.count(ready.pk, mug, 3)
    give_up(ready.pk)
    assert level(mug, berlin) == (10, 0, 0)
    assert (line_of(ready).reserved, line_of(ready).counted) == (0, 0)


def test_it_cannot_be_cancelled_once_it_left(shipped, refused):
    with refused(InvalidTransition, "is Shipped"):
        draft_transfer.cancel(shipped.pk)


def test_a_transfer_to_itself_is_refused(berlin, mug, refused):
    with refused(Invalid, "choose another location"):
        draft_transfer.draft(berlin, berlin, lines={mug: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(source=berlin, target=berlin)


def test_a_transfer_of_nothing_is_refused(berlin, paris, refused):
    transfer = draft_transfer.draft(berlin, paris)
    with refused(Invalid, "holds nothing"):
        draft_transfer.make_ready(transfer.pk)


def test_kits_and_places_without_stock_are_refused(berlin, paris, mug, refused):
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    with refused(Invalid, "no pieces of it lie on a shelf"):
        draft_transfer.draft(berlin, paris, lines={kit: 1})
    with refused(Invalid, "does not count its stock"):
        draft_transfer.draft(berlin, make_location(kind="supplier", tracks_stock=False), lines={mug: 1})


@pytest.mark.parametrize("pieces", [0, -3, 10**9])
def test_a_number_that_cannot_be_meant_is_refused(berlin, paris, mug, refused, pieces):
    with refused(Invalid, "Between 1 and"):
        draft_transfer.draft(berlin, paris, lines={mug: pieces})


def test_more_than_is_available_is_refused_and_named(berlin, paris, mug, refused):
    make_order(mug, 5)
    transfer = draft_transfer.draft(berlin, paris, lines={mug: 6})
    with refused(InsufficientStock, r"BER has fewer pieces available than asked \(MUG: 5\)"):
        draft_transfer.make_ready(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.status == Transfer.Status.DRAFT


def test_it_is_made_ready_shipped_and_received_once(ready, refused):
    with refused(InvalidTransition, "is Ready"):
        draft_transfer.make_ready(ready.pk)
    with refused(InvalidTransition, "is Ready, not Shipped"):
        arrive(ready, 1)
    ship_transfer.ship(ready.pk)
    with refused(InvalidTransition, "is Shipped, not Ready"):
        ship_transfer.ship(ready.pk)
    arrive(ready, 6)
    with refused(InvalidTransition, "is Received, not Shipped"):
        arrive(ready, 6)


def test_a_booking_sent_twice_with_one_key_is_booked_once(shipped, mug, paris):
    for _ in range(2):
        arrive(shipped, 2, is_all=False, key="a")
    assert level(mug, paris) == (2, 0, 0)
    assert line_of(shipped).received == 2


def test_a_draft_holds_exactly_what_was_last_said(berlin, paris, mug):
    transfer = draft_transfer.draft(berlin, paris, lines={mug: 2})
    cup = make_sku()
    draft_transfer.edit(transfer.pk, lines={cup: 3}, expected_on=ARRIVES, note="fragile")
    transfer.refresh_from_db()
    assert (line_of(transfer).sku, line_of(transfer).quantity) == (cup, 3)
    assert (transfer.expected_on, transfer.note) == (ARRIVES, "fragile")


def test_lines_of_a_ready_one_stay(ready, mug, refused):
    with refused(InvalidTransition, "is Ready, not Draft"):
        draft_transfer.edit(ready.pk, lines={mug: 1})


def test_a_transfer_has_a_bounded_number_of_lines(berlin, paris, refused, monkeypatch):
    monkeypatch.setattr(draft_transfer, "MOST_LINES", 1)
    with refused(Invalid, "At most 1 lines"):
        draft_transfer.draft(berlin, paris, lines={make_sku(): 1, make_sku(): 1})


def test_what_was_counted_for_it_leaves(ready, mug, berlin, refused):
    receive_transfer.count(ready.pk, mug, 4)
    with refused(Invalid, "takes 6 of MUG: put the others back"):
        receive_transfer.count(ready.pk, mug, 3)
    transfer = ship_transfer.ship_counted(ready.pk)
    assert (line_of(transfer).shipped, line_of(transfer).counted) == (4, 0)
    assert level(mug, berlin) == (6, 0, 0)


def test_the_tally_books_nothing_until_it_is_done(shipped, mug, paris):
    receive_transfer.count(shipped.pk, mug, 3)
    receive_transfer.count(shipped.pk, mug, 2)
    receive_transfer.count(shipped.pk, mug, 1, is_damaged=True)
    assert not StockEntry.objects.filter(location=paris).exists()
    receive_transfer.book(shipped.pk)
    assert level(mug, paris) == (6, 0, 1)
    assert (line_of(shipped).counted, line_of(shipped).counted_damaged) == (0, 0)


def test_the_tally_can_be_set_right(shipped, mug):
    receive_transfer.count(shipped.pk, mug, 30)
    assert receive_transfer.count(shipped.pk, mug, 3, add=False).counted == 3


def test_nothing_counted_is_no_part_but_can_be_all(shipped, refused):
    with refused(Invalid, "Nothing was counted"):
        receive_transfer.book(shipped.pk, is_all=False)
    assert receive_transfer.book(shipped.pk).status == Transfer.Status.RECEIVED
    assert TransferLine.objects.missing().get().in_transit == 6


def test_what_is_not_on_it_is_not_counted(shipped, refused):
    with refused(Invalid, "is not on T"):
        receive_transfer.count(shipped.pk, make_sku(), 1)
    with refused(Invalid, "Between 0 and"):
        receive_transfer.count(shipped.pk, line_of(shipped).sku, -1)
    with refused(Invalid, "no such line"):
        receive_transfer.receive(shipped.pk, {0: (1, 0)})


def test_a_loss_takes_from_the_transfer_before_it_breaks_an_order(ready, mug, berlin):
    order = make_order(mug, 4)
    stock.adjust(mug, berlin, -5, reason="lost")
    assert level(mug, berlin) == (5, 5, 0)
    assert line_of(ready).reserved == 1
    assert order.allocations.get().status == "reserved"
    assert Event.objects.get(name="transfer.shortened").data["pieces"] == 5


def test_a_loss_beyond_the_transfer_breaks_the_order_too(ready, mug, berlin):
    order = make_order(mug, 4)
    stock.adjust(mug, berlin, -8, reason="lost")
    assert level(mug, berlin) == (2, 2, 0)
    assert line_of(ready).reserved == 0
    assert {row.status for row in order.allocations.all()} == {"backordered", "reserved"}


def test_what_arrives_serves_who_waits(shipped, mug, berlin, paris, run_worker):
    order = make_order(mug, 4)
    waiting = make_order(mug, 2)
    arrive(shipped, 6)
    run_worker()
    assert order.allocations.get().status == "reserved"
    assert waiting.allocations.get().location == paris


def test_each_step_is_told(shipped):
    arrive(shipped, 5)
    receive_transfer.resolve(shipped.pk, line_of(shipped).pk, 1, is_lost=True, actor="user:3")
    names = Event.objects.filter(subject=shipped.subject).order_by("pk").values_list("name", flat=True)
    assert list(names) == [
        "transfer.drafted",
        "transfer.ready",
        "transfer.shipped",
        "transfer.received",
        "transfer.resolved",
    ]


def test_shipping_locks_the_transfer_before_the_stock(ready, assert_locks):
    with assert_locks(
        "inventory_transfer", "inventory_stocklevel", "inventory_binstock", "inventory_stocklevel", "inventory_binstock"
    ):
        ship_transfer.ship(ready.pk)
