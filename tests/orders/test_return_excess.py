"""What was taken beyond what an order still costs goes back, once, and not where somebody said no."""

from decimal import Decimal

import pytest

from orders.models import Refund
from orders.services import cancel, capture, change, pay, refund
from orders.services.due import excess_of, price_of
from orders.services.refund import RefundLineIn
from orders.services.refund_caps import caps_of
from tests.deliver import deliver
from tests.orders.money import make_order_of, make_paid

pytestmark = pytest.mark.django_db


def cancel_pieces(order, pieces=1):
    cancel.cancel(order.pk, lines={order.lines.get().pk: pieces}, reason="changed mind")
    deliver()


def waiting():
    return [row.amount for row in Refund.objects.waiting()]


def rejected_once(pieces, price="10.00"):
    """An order paid by transfer, of which a piece was cancelled and its refund rejected."""
    order = make_order_of((pieces, price))
    pay.add_payment(order.pk, amount=order.gross, gateway="manual", method="bank transfer")
    cancel_pieces(order)
    refund.reject(Refund.objects.waiting().get().pk, actor="user:2")
    return order


def test_a_capture_that_answers_after_a_part_was_cancelled_goes_back_in_part():
    order, payment = make_paid((2, "50.00"), state="authorised")
    capture.capture(payment.pk, actor="user:1")
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind")
    deliver("orders.tasks.return_excess")  # the gateway was down, and answers later
    deliver()
    payment.refresh_from_db()
    assert (payment.captured, payment.refunded, price_of(order)) == (100, 50, 50)


def test_what_was_rejected_is_not_asked_for_again():
    order = rejected_once(3)
    assert refund.return_excess(order.pk) is None
    change.change(order.pk, {"gift_message": "Hi"})
    deliver()
    assert Refund.objects.count() == 1


def test_a_cancellation_after_a_rejection_waits_with_all_of_it():
    order = rejected_once(4)
    cancel_pieces(order)
    assert waiting() == [20]
    refund.reject(Refund.objects.waiting().get().pk, actor="user:2")
    assert refund.return_excess(order.pk) is None
    cancel_pieces(order)
    assert waiting() == [30]


def test_a_cancellation_after_a_rejection_waits_though_a_gateway_could_send_it():
    order, payment = make_paid((3, "10.00"), token="refund_declined")
    cancel_pieces(order)
    refund.reject(Refund.objects.failed().get().pk, actor="user:2")
    cancel_pieces(order)
    payment.refresh_from_db()
    assert (waiting(), payment.refunded) == ([20], 0)


def test_what_was_rejected_and_then_paid_back_by_hand_counts_no_more():
    order = rejected_once(3)
    refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(10))], reason="after all", actor="user:1")
    cancel_pieces(order)
    assert waiting() == [10]


def test_a_refund_that_the_channel_named_takes_no_other_ones_key():
    order, payment = make_paid((4, "10.00"))
    for _ in range(2):
        cancel_pieces(order)
    Refund.objects.filter(pk=Refund.objects.last().pk).update(key="channel:77")  # as settle_message does
    cancel_pieces(order)
    payment.refresh_from_db()
    assert payment.refunded == 30


def test_what_was_sent_of_a_rejected_refund_stays_sent():
    order = make_order_of((4, "25.00"))
    pay.add_payment(order.pk, amount=Decimal(30), gateway="manual", method="cash")
    pay.add_payment(order.pk, amount=Decimal(70), reference="sandbox-refund_declined-1")
    cancel_pieces(order, 2)
    row = Refund.objects.waiting().get()
    refund.approve(row.pk, actor="user:2")
    deliver()
    refund.reject(row.pk, actor="user:2")
    assert (excess_of(order), caps_of(order).lines[order.lines.get().pk]) == (20, 70)
    assert refund.return_excess(order.pk) is None
    cancel_pieces(order)
    assert waiting() == [45]
