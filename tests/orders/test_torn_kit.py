"""Kits of which a part was sent and the rest will never be: what they cost, and what is paid, billed and given back."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from fulfilment.services.ship import ship as ship_packed
from oms.lib.errors import Invalid
from orders.customer.lines import told_lines
from orders.customer.reader import reader_of
from orders.models import Order
from orders.models.worth import kept_of, worth_of
from orders.services import cancel, foresee
from orders.services.due import due_of, excess_of
from orders.services.intake import LineIn
from tests.deliver import deliver
from tests.orders.money import make_kit, make_order_of, make_paid, make_rates, make_test_channel, ship, unship

pytestmark = pytest.mark.django_db
PAIR = (1, 1, 1), (1, 0, 1)  # a cup is there, its saucer is not


def billed(order):
    """Return [(SKU, pieces, gross)] of all that was invoiced."""
    rows = [row for invoice in order.invoices.order_by("pk") for row in invoice.lines.all()]
    return [(row.line.sku, row.quantity, row.gross) for row in rows if row.line]


def test_only_the_part_that_was_sent_is_paid_and_billed():
    kit, cup, _ = make_kit(*PAIR)
    order, payment = make_paid(LineIn(kit.code, 1, Decimal("100.00")))
    assert ship(order) is None
    assert foresee.cancelling([Order.objects.get()])[0] == "€50.00 need not be paid any more."
    cancel.cancel(order.pk, reason="never comes")
    deliver()
    payment.refresh_from_db()
    assert (payment.captured, payment.refunded, due_of(order), excess_of(order)) == (100, 50, 50, 0)
    assert billed(order) == [(cup, 1, 50)]
    assert order.invoices.get().due == 0


def test_what_was_sent_is_captured_when_the_rest_is_cancelled():
    kit, *_ = make_kit(*PAIR)
    channel = make_test_channel(payment_gate="authorised", capture_at="shipping")
    order, payment = make_paid(LineIn(kit.code, 1, Decimal("100.00")), channel=channel, state="authorised")
    ship(order)
    cancel.cancel(order.pk, reason="never comes")
    deliver()
    payment.refresh_from_db()
    assert (payment.captured, order.invoices.get().gross) == (50, 50)


def test_a_part_that_leaves_last_is_billed_by_its_shipping():
    kit, cup, _ = make_kit(*PAIR)
    order = make_order_of(LineIn(kit.code, 1, Decimal("100.00")))
    saucer = order.lines.get(per_kit=1, sku=kit.components.last().component)
    rows = list(order.allocations.filter(line=saucer))
    cancel.answer(order.pk, {row.pk: row.quantity for row in rows}, accepted=True)
    assert order.invoices.count() == 0
    assert [(row.line.sku, row.gross) for row in ship(order).lines.all()] == [(cup, 50)]


@pytest.mark.parametrize("includes_tax", [True, False])
def test_whole_kits_and_single_parts_add_up_to_the_cent(includes_tax):
    """Three kits of two cups and a saucer, at a discount: five cups and one saucer leave in any portions."""
    make_rates()
    kit, cup, saucer = make_kit((2, 5, "1.10"), (1, 1, "0.73"))
    channel = make_test_channel(prices_include_tax=includes_tax)
    order = make_order_of(LineIn(kit.code, 3, Decimal("3.34"), Decimal("0.07")), channel=channel, shipping="4.90")
    assert ship(order, {1: 1}) is None
    assert ship(order, {1: 2, 2: 1}).lines.filter(quantity=1).count() == 2  # a kit, and the shipping
    ship(order, {1: 2})
    cancel.cancel(order.pk, reason="enough")
    assert [(sku, pieces) for sku, pieces, _ in billed(order) if sku in (cup, saucer)] == [(cup, 3)]
    lines = list(order.lines.all())
    [(_, worth)], charges = kept_of(order, lines, list(order.charges.all()))
    sums = order.invoices.aggregate(gross=Sum("gross"), tax=Sum("tax"), net=Sum("net"))
    assert sums == {name: getattr(worth, name) + getattr(charges[0], name) for name in ("gross", "tax", "net")}
    assert worth_of(lines[1], 5).gross + worth_of(lines[2], 1).gross == worth.gross == due_of(order) - charges[0].gross


@pytest.mark.parametrize("cost", ["0.73", "2.20", "9.99"])
def test_parts_of_so_many_kits_come_to_their_price(cost):
    kit, *_ = make_kit((2, 14, "1.10"), (1, 7, cost), (3, 21, "0.01"))
    order = make_order_of(LineIn(kit.code, 7, Decimal("1.43"), Decimal("0.10")))
    whole, *parts = order.lines.all()
    for kits in range(8):
        shared = sum(worth_of(part, kits * part.per_kit).gross for part in parts)
        assert shared == worth_of(whole, kits).gross


def test_one_kit_of_two_goes_though_some_of_its_parts_have_left():
    kit, cup, _ = make_kit((1, 2, 1), (1, 0, 1))
    order = make_order_of(LineIn(kit.code, 2, Decimal("100.00")))
    ship(order)
    line = order.lines.get(sku=kit)
    cancel.cancel(order.pk, lines={line.pk: 1}, reason="one is enough")
    order.refresh_from_db()
    assert ([row.cancelled for row in order.lines.all()], due_of(order)) == ([0, 0, 1], 150)
    assert (order.cancel_requested_at, billed(order)) == (None, [])
    cancel.cancel(order.pk, lines={line.pk: 1}, reason="none is")
    assert (due_of(order), billed(order)) == (100, [(cup, 2, 100)])
    with pytest.raises(Invalid, match="still to come"):
        cancel.cancel(order.pk, lines={line.pk: 1}, reason="again")


def test_a_part_that_was_not_handed_over_is_credited_and_billed_again():
    kit, cup, _ = make_kit(*PAIR)
    order = make_order_of(LineIn(kit.code, 1, Decimal("100.00")), shipping="5.00")
    ship(order)
    cancel.cancel(order.pk, reason="never comes")
    work, note = unship(order)
    assert note.gross == 55
    ship_packed(work.pk, actor="user:1")
    assert billed(order) == [(cup, 1, 50), (cup, 1, 50)]


def test_the_customer_is_told_what_became_of_the_parts():
    kit, *_ = make_kit(*PAIR)
    order = make_order_of(LineIn(kit.code, 1, Decimal("100.00")))
    ship(order)
    cancel.cancel(order.pk, reason="never comes")
    lines = list(order.lines.all())
    [told] = told_lines(order, lines, kept_of(order, lines, [])[0], reader_of(order), {})
    assert (told.amount, told.to_follow) == ("€50.00", 0)
    assert [part.partition(": ")[2] for part in told.parts] == ["1 shipped", "1 cancelled"]
