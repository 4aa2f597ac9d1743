from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inventory.models import Bin, BinStock, Location, Lot
from inventory.services import (
    draft_transfer,
    posting,
    quarantine,
    receive_delivery,
    receive_transfer,
    ship_transfer,
    stock,
    withhold,
)
from inventory.services.bins import system_bin
from inventory.services.identify import Identity
from inventory.services.return_to_supplier import return_to_supplier
from oms import roles
from oms.lib.errors import Invalid, Retry
from oms.outbox.models import Event
from orders.models import Order
from tests.inventory.buying import make_supplier
from tests.inventory.ledger import level
from tests.make import make_location, make_order, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def milk(berlin):
    """Five pieces of lot L1 in the DOCK."""
    milk = make_sku(code="MILK", tracking="lot")
    lot = Lot.objects.create(sku=milk, code="L1", expires_on=timezone.localdate() + timedelta(days=9))
    stock.receive(milk, berlin, 5, lot=lot)
    return milk


def expire():
    Lot.objects.update(expires_on=date(2020, 1, 1))


def withheld(sku):
    return dict(BinStock.objects.filter(sku=sku, withheld__gt=0).values_list("bin__code", "withheld"))


def test_what_expired_is_out_of_sale_once(milk, berlin):
    assert withhold.withhold_due() == 0
    expire()
    assert withhold.withhold_due() == 5
    assert withhold.withhold_due() == 0
    assert level(milk, berlin) == (5, 0, 5)
    assert Event.objects.get(name="lot.withheld").data["reason"] == "expired"


def test_one_level_that_keeps_moving_is_told_of_after_the_others_are_done(milk, berlin, monkeypatch):
    other = make_sku(tracking="lot")
    stock.receive(other, berlin, 3, lot=Lot.objects.create(sku=other, code="L1"))
    expire()

    def lock_levels(pairs):
        if (milk.pk, berlin.pk) in pairs:
            dock = system_bin(berlin, Bin.Kind.DOCK)
            stock.adjust(milk, berlin, -1, reason="expired", bin=dock, lot=Lot.objects.get(sku=milk))
        return posting.lock_levels(pairs)

    monkeypatch.setattr(withhold, "lock_levels", lock_levels)
    with pytest.raises(Retry, match="moved meanwhile"):
        withhold.withhold_due()
    assert level(other, berlin) == (3, 0, 3)


def test_a_promise_on_expired_pieces_gives_way(milk, berlin):
    order = make_order(milk, 2)
    expire()
    withhold.withhold_due()
    assert level(milk, berlin) == (5, 0, 5)
    assert Order.objects.get(pk=order.pk).allocations.get().status == "backordered"


def test_expired_pieces_go_to_quarantine_and_are_scrapped(milk, berlin):
    expire()
    withhold.withhold_due()
    quarantine.put(milk, system_bin(berlin, Bin.Kind.DOCK), 3)
    assert level(milk, berlin) == (5, 0, 5)
    quarantine.scrap(milk, berlin, 3)
    stock.adjust(milk, berlin, -2, reason="expired", bin=system_bin(berlin, Bin.Kind.DOCK), lot=Lot.objects.get())
    assert level(milk, berlin) == (0, 0, 0)
    assert not BinStock.objects.filter(withheld__gt=0).exists()


def test_expired_pieces_go_back_to_their_supplier_and_no_promise_breaks(milk, berlin):
    expire()
    withhold.withhold_due()
    fresh = Lot.objects.create(sku=milk, code="L2")
    stock.receive(milk, berlin, 5, lot=fresh)
    order, old = make_order(milk, 5), BinStock.objects.get(lot__code="L1")
    return_to_supplier(make_supplier(), [(old, 5)], reason="expired", actor="user:1")
    assert level(milk, berlin) == (5, 5, 0)
    assert order.allocations.get().status == "reserved"


def test_expired_pieces_carried_to_a_shelf_stay_out_of_sale(milk, berlin):
    expire()
    withhold.withhold_due()
    shelf = Bin.objects.create(location=berlin, code="A-1")
    Event.objects.all().delete()
    stock.move(milk, system_bin(berlin, Bin.Kind.DOCK), shelf, 3)
    assert level(milk, berlin) == (5, 0, 5)
    assert withheld(milk) == {"DOCK": 2, "A-1": 3}
    assert not Event.objects.filter(name="stock.received").exists()
    assert withhold.withhold_due() == 0


@pytest.fixture
def last_day(milk, monkeypatch):
    """What every lot may be sold on for the last time: over in UTC since an hour, and 17:00 in Los Angeles."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, 1, tzinfo=UTC))
    Lot.objects.update(expires_on=date(2026, 3, 1))


PLACES = pytest.mark.parametrize(("tz", "unfit"), [("America/Los_Angeles", 0), ("UTC", 5), ("Pacific/Auckland", 5)])


@PLACES
def test_a_lot_may_be_sold_until_its_last_day_ends_at_its_place(milk, berlin, last_day, tz, unfit):
    Location.objects.update(tz=tz)
    assert withhold.withhold_due() == unfit
    withhold.block(Lot.objects.get().pk, "Glass found", actor="user:1")
    withhold.unblock(Lot.objects.get().pk, actor="user:1")
    assert level(milk, berlin) == (5, 0, unfit)


@PLACES
def test_what_comes_in_on_its_last_day_is_good_where_it_is_still_that_day(milk, last_day, tz, unfit):
    place = make_location(tz=tz)
    with timezone.override(ZoneInfo("Pacific/Auckland")):  # who books it sits elsewhere
        stock.receive(milk, place, 5, lot=Lot.objects.get())
    assert level(milk, place) == (5, 0, unfit)


def test_it_is_carried_cleared_sent_and_taken_in_until_its_last_day_ends_at_its_place(milk, berlin, last_day):
    Location.objects.update(tz="America/Los_Angeles")
    berlin.refresh_from_db()
    dock = system_bin(berlin, Bin.Kind.DOCK)
    quarantine.put(milk, dock, 5)
    quarantine.clear(milk, dock, 5)
    receive_delivery.receive(milk, berlin, 2, identity=Identity("L1"))
    transfer = draft_transfer.draft(berlin, make_location(), lines={milk: 7})
    draft_transfer.make_ready(transfer.pk)
    ship_transfer.ship(transfer.pk)
    assert level(milk, berlin) == (0, 0, 0)


def test_pieces_that_expired_overnight_are_withheld_by_the_first_who_carries_them(milk, berlin):
    expire()
    stock.move(milk, system_bin(berlin, Bin.Kind.DOCK), Bin.objects.create(location=berlin, code="A-1"), 3)
    assert level(milk, berlin) == (5, 0, 3)
    assert withhold.withhold_due() == 2


def test_carrying_expired_pieces_breaks_no_promise(milk, berlin):
    order = make_order(milk, 4)
    expire()
    stock.move(milk, system_bin(berlin, Bin.Kind.DOCK), Bin.objects.create(location=berlin, code="A-1"), 3)
    assert level(milk, berlin) == (5, 4, 1)
    assert Order.objects.get(pk=order.pk).allocations.get().status == "reserved"


@pytest.mark.parametrize(("pieces", "left"), [(1, 3), (2, 2), (3, 2)])
@pytest.mark.parametrize("way", ["quarantine", "lost"])
def test_promises_give_way_for_those_of_a_lot_alone_that_are_not_withheld(milk, berlin, way, pieces, left):
    for _ in range(4):
        make_order(milk, 1)
    expire()
    shelf, lot = Bin.objects.create(location=berlin, code="A-1"), Lot.objects.get()
    stock.move(milk, system_bin(berlin, Bin.Kind.DOCK), shelf, 3)
    assert withheld(milk) == {"A-1": 1}
    if way == "lost":
        stock.adjust(milk, berlin, -pieces, reason="lost", bin=shelf, lot=lot)
    else:
        stock.move(milk, shelf, system_bin(berlin, Bin.Kind.QUARANTINE), pieces, lot=lot)
    assert level(milk, berlin)[1] == left


def test_expired_pieces_that_leave_quarantine_stay_out_of_sale(milk, berlin):
    dock = system_bin(berlin, Bin.Kind.DOCK)
    quarantine.put(milk, dock, 5)
    expire()
    stock.move(milk, system_bin(berlin, Bin.Kind.QUARANTINE), dock, 5)
    assert level(milk, berlin) == (5, 0, 5)
    assert withheld(milk) == {"DOCK": 5}


def test_a_lot_that_is_blocked_on_its_way_arrives_out_of_sale(milk, berlin):
    hamburg = make_location("HAM")
    transfer = draft_transfer.draft(berlin, hamburg, lines={milk: 4}, expected_on=None, actor="user:1")
    draft_transfer.make_ready(transfer.pk, actor="user:1")
    ship_transfer.ship(transfer.pk)
    withhold.block(Lot.objects.get().pk, "Glass found", actor="user:1")
    line = transfer.lines.get()
    receive_transfer.receive(transfer.pk, {line.pk: (4, 0)})
    assert level(milk, hamburg) == (4, 0, 4)
    withhold.unblock(Lot.objects.get().pk, actor="user:1")
    assert level(milk, hamburg) == (4, 0, 0)


def test_a_blocked_lot_in_a_tote_stays_out_of_sale(milk, berlin):
    withhold.block(Lot.objects.get().pk, "Glass found", actor="user:1")
    stock.move(milk, system_bin(berlin, Bin.Kind.DOCK), system_bin(berlin, Bin.Kind.STAGE), 2)
    assert level(milk, berlin) == (5, 0, 5)


def test_a_blocked_lot_is_out_of_sale_until_it_is_let_go(milk, berlin):
    lot = Lot.objects.get()
    withhold.block(lot.pk, "Glass found", actor="user:1")
    assert level(milk, berlin) == (5, 0, 5)
    withhold.unblock(lot.pk, actor="user:1")
    withhold.unblock(lot.pk, actor="user:1")
    assert level(milk, berlin) == (5, 0, 0)


def test_an_expired_lot_stays_out_of_sale_when_it_is_unblocked(milk, berlin):
    expire()
    lot = withhold.block(Lot.objects.get().pk, "Glass found", actor="user:1")
    withhold.unblock(lot.pk, actor="user:1")
    assert level(milk, berlin) == (5, 0, 5)


def test_a_block_needs_its_reason(milk, berlin):
    with pytest.raises(Invalid, match="Say why"):
        withhold.block(Lot.objects.get().pk, " ", actor="user:1")
    assert Lot.objects.get().blocked_at is None
    assert level(milk, berlin) == (5, 0, 0)


def test_a_lead_blocks_and_unblocks_in_the_console(client, milk, berlin):
    client.force_login(make_user(roles.LEAD))
    lot = Lot.objects.get()
    assert b"L1" in client.get("/admin/inventory/lot/?expiry=soon").content
    client.post(f"/admin/inventory/lots/{lot.pk}/block/", {"reason": "Glass found"})
    assert level(milk, berlin) == (5, 0, 5)
    client.post(f"/admin/inventory/lots/{lot.pk}/unblock/", {})
    assert level(milk, berlin) == (5, 0, 0)


def test_a_picker_may_not_block(client, milk, berlin):
    client.force_login(make_user(roles.PICKER))
    client.post(f"/admin/inventory/lots/{Lot.objects.get().pk}/block/", {"reason": "Glass found"})
    assert level(milk, berlin) == (5, 0, 0)


def test_the_ledger_of_a_lot_says_where_it_went(client, milk, berlin):
    other = make_sku(3, berlin, code="MUG")
    client.force_login(make_user(roles.LEAD))
    page = client.get(f"/admin/inventory/stockentry/?lot__id__exact={Lot.objects.get().pk}")
    assert page.status_code == 200
    assert b"MILK" in page.content
    assert other.code.encode() not in page.content
