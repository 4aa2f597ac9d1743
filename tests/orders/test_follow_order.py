"""What a channel says later of an order that is here."""

from decimal import Decimal

import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services.pick import pick
from fulfilment.services.release import release
from oms.outbox.models import Event
from orders.models import Refund
from orders.services import cancel, change
from tests.deliver import deliver
from tests.fulfilment.make import make_shelf, released, work_of
from tests.make import make_sku
from tests.orders.channels.feed import BERLIN, line, make_connection, order, refund, take

pytestmark = pytest.mark.django_db

BONN = BERLIN | {"city": "Bonn", "zip": "53111", "address1": "Markt 1"}


@pytest.fixture
def shop():
    return make_connection(code="SHOP")


@pytest.fixture
def mug():
    return make_sku(50, code="MUG")


@pytest.fixture
def placed(shop, mug):
    return take(shop, order(line("MUG", 3))).order


def now(order):
    order.refresh_from_db()
    return order


def kept(order):
    return {row.sku_code: row.quantity - row.cancelled for row in order.lines.all()}


def test_an_update_that_changes_nothing_does_nothing(shop, placed):
    version = now(placed).version
    assert take(shop, order(line("MUG", 3), minutes=5)).status == "done"
    assert now(placed).version == version


def test_another_address_is_taken_while_nothing_is_on_the_floor(shop, placed):
    take(shop, order(line("MUG", 3), minutes=5, shipping_address=BONN, note="Ring twice"))
    assert now(placed).ship_to["city"] == "Bonn"
    assert (placed.customer_note, placed.status) == ("Ring twice", "confirmed")


def test_what_cs_changed_is_locked_against_the_channel(shop, placed):
    change.change(placed.pk, {"ship_to": placed.ship_to | {"city": "Köln"}}, actor="user:1")
    document = take(shop, order(line("MUG", 3), minutes=5, shipping_address=BONN, email="new@example.com"))
    assert document.reason == "Changed here, so not taken from the channel: ship to."
    assert (now(placed).ship_to["city"], placed.email) == ("Köln", "new@example.com")


def test_an_older_document_changes_nothing(shop, placed):
    take(shop, order(line("MUG", 3), minutes=5, shipping_address=BONN))
    old = take(shop, order(line("MUG", 3), minutes=2))
    assert (old.status, now(placed).ship_to["city"]) == ("ignored", "Bonn")


def test_the_floor_has_it_then_the_change_is_refused_for_a_person_and_the_money_is_true(shop, placed):
    release([FulfilmentOrder.objects.get(order=placed).pk], actor="user:1")
    late = order(line("MUG", 3), minutes=5, shipping_address=BONN, refunds=[refund("9.50", line("MUG"))])
    document = take(shop, late)
    assert (document.status, document.field) == ("refused", "ship_to")
    assert now(placed).ship_to["city"] == "Berlin"
    assert placed.refunds.get().amount == Decimal("9.50")


def test_lines_are_added_and_taken_away_to_the_cent(shop, placed):
    make_sku(9, code="CUP")
    take(shop, order(line("MUG", 1), line("CUP", 2, "3.33"), minutes=5, total_price="21.06"))
    assert kept(now(placed)) == {"MUG": 1, "CUP": 2}
    assert placed.gross - Decimal("19.00") == Decimal("21.06")  # two mugs of 9.50 were cancelled


def test_another_price_is_taken_over(shop, placed):
    take(shop, order(line("MUG", 3, "8.00", tax="3.83"), minutes=5))
    assert (now(placed).gross, placed.tax) == (Decimal("28.90"), Decimal("3.83"))


def test_a_line_that_cs_changed_is_left_for_a_person(shop, placed):
    cancel.cancel(placed.pk, lines={placed.lines.get().pk: 1}, reason="x", actor="user:1")
    document = take(shop, order(line("MUG", 1), minutes=5))
    assert (document.status, document.field) == ("refused", "lines")
    assert kept(now(placed)) == {"MUG": 2}


def test_a_cancellation_cancels_once(shop, placed):
    cancelled = order(line("MUG", 3), minutes=5, cancelled_at="2026-03-02T10:00:00Z")
    take(shop, cancelled)
    assert now(placed).status == "cancelled"
    version = placed.version
    take(shop, cancelled | {"updated_at": "2026-03-02T11:00:00Z"})
    assert now(placed).version == version


@pytest.fixture
def in_hand(shop):
    """(order of three that are picked, its lines as the channel has them)."""
    _, [cup] = make_shelf(9)
    rows = [line(cup.code, 3)]
    placed = take(shop, order(*rows)).order
    released(placed)
    pick(work_of(placed).lines.get().tasks.get().pk, picked=3, actor="user:1")
    return placed, rows


def test_all_is_cancelled_while_a_part_is_asked_back_and_asked_for_once(shop, in_hand):
    placed, rows = in_hand
    cancel.cancel(placed.pk, lines={placed.lines.get().pk: 1}, reason="too many", actor="user:1")
    deliver()
    for minutes in (5, 6):
        take(shop, order(*rows, minutes=minutes, cancelled_at="2026-03-02T09:05:00Z"))
        assert work_of(placed).lines.get().stopped == 3
    assert Event.objects.filter(name="order.cancel_requested").count() == 2


def test_a_cancellation_counts_although_the_address_in_it_was_refused(shop, in_hand):
    placed, rows = in_hand
    assert take(shop, order(*rows, minutes=5, shipping_address=BONN)).status == "refused"
    cancelled = order(*rows, minutes=9, shipping_address=BONN, cancelled_at="2026-03-02T09:09:00Z")
    document = take(shop, cancelled)
    assert (document.status, document.reason.partition(":")[0]) == ("done", "The warehouse has the order")
    assert now(placed).cancel_requested_at
    assert work_of(placed).lines.get().stopped == 3


def test_a_cancellation_counts_although_it_names_goods_that_nobody_knows(shop, placed):
    both = [line("MUG", 3), line("NEW-ONE")]
    document = take(shop, order(*both, minutes=5, cancelled_at="2026-03-02T09:05:00Z"))
    assert (document.status, now(placed).status) == ("done", "cancelled")


def test_cancelled_and_refunded_there_nothing_waits_for_approval_here(shop, placed):
    row = line("MUG", 3)
    take(shop, order(row, minutes=5, cancelled_at="2026-03-02T10:00:00Z"))
    assert placed.refunds.get().status == Refund.Status.REQUESTED
    take(shop, refund("33.40", row))
    assert [(one.status, one.amount, one.key) for one in placed.refunds.all()] == [
        ("done", Decimal("33.40"), "channel:71")
    ]
    assert now(placed).payment_state == "refunded"


def test_a_part_refund_is_recorded_once_and_what_is_still_owed_is_asked_for(shop, placed):
    row = line("MUG", 3)
    take(shop, order(row, minutes=5, cancelled_at="2026-03-02T10:00:00Z"))
    for _ in range(2):
        take(shop, refund("30.00", row))
    found = placed.refunds.exclude(status="rejected").order_by("amount")
    assert [(one.status, one.amount) for one in found] == [("requested", Decimal("3.40")), ("done", Decimal("30.00"))]


def test_a_refund_is_in_its_order_and_on_its_own_and_once_here(shop, placed):
    one = refund("9.50", line("MUG"))
    take(shop, one)
    take(shop, order(line("MUG", 3), minutes=5, refunds=[one]))
    assert [(row.amount, row.status) for row in placed.refunds.all()] == [(Decimal("9.50"), "done")]
    [entry] = placed.refunds.get().entries.all()
    assert (entry.status, entry.provider_ref.split(":")[0]) == ("done", "platform")
    assert placed.refunds.get().lines.get().kind == "item"


def test_pieces_that_a_refund_takes_back_before_they_left_do_not_leave(shop, placed):
    take(shop, refund("9.50", line("MUG", 1), restock_type="cancel"))
    assert kept(now(placed)) == {"MUG": 2}
    deliver()
    assert [one.amount for one in placed.refunds.exclude(status="rejected")] == [Decimal("9.50")]


def test_what_was_authorised_and_then_taken_is_one_payment(shop, mug):
    sale = {"status": "success", "amount": "14.40", "gateway": "card"}
    authorised = [sale | {"id": 1, "kind": "authorization"}]
    placed = take(shop, order(line("MUG"), financial_status="authorized", transactions=authorised)).order
    assert now(placed).payment_state == "authorised"
    for minutes in (5, 6):
        captured = [*authorised, sale | {"id": 2, "kind": "capture"}]
        take(shop, order(line("MUG"), minutes=minutes, transactions=captured))
    assert now(placed).payment_state == "paid"
    assert [(one.authorised, one.captured) for one in placed.payments.all()] == [(Decimal("14.40"), Decimal("14.40"))]


def test_an_order_that_is_in_another_currency_now_is_left_for_a_person(shop, placed):
    document = take(shop, order(line("MUG", 3), minutes=5, currency="USD"))
    assert (document.status, document.field) == ("refused", "currency")


def test_what_a_locked_field_keeps_the_channel_does_not_change_back_later(shop, placed):
    change.change(placed.pk, {"email": "cs@example.com"}, actor="user:1")
    take(shop, order(line("MUG", 3), minutes=5, email="a@example.com"))
    take(shop, order(line("MUG", 3), minutes=6, email="b@example.com"))
    assert now(placed).email == "cs@example.com"


def test_an_address_that_cs_got_from_the_customer_stays(shop, mug):
    placed = take(shop, order(line("MUG"), shipping_address=None)).order
    change.change(
        placed.pk, {"ship_to": {"name": "Ann", "line1": "S 1", "city": "Ulm", "country": "DE"}}, actor="user:1"
    )
    take(shop, order(line("MUG"), minutes=5))
    assert now(placed).ship_to["city"] == "Ulm"
