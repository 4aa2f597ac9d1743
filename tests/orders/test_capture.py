from decimal import Decimal

import pytest
from django.db import transaction

from oms.lib.errors import DomainError
from orders.models import Hold, Order, Payment, PaymentEntry
from orders.services import cancel, capture, pay
from orders.services.close import close
from tests.deliver import deliver
from tests.orders.money import make_order_of, make_paid, make_test_channel, ship

pytestmark = pytest.mark.django_db


def due_at_shipping(order):
    with transaction.atomic():
        capture.due_at_shipping(Order.objects.lock(order.pk))
    deliver()


def counters(payment):
    payment.refresh_from_db()
    return payment.authorised, payment.capturing, payment.captured, payment.voided


def test_a_capture_counts_while_it_is_pending():
    order, payment = make_paid((2, "9.50"), state="authorised")
    capture.capture(payment.pk, amount=Decimal(10), actor="user:1")
    assert counters(payment) == (19, 10, 0, 0)
    deliver()
    assert counters(payment) == (19, 0, 10, 0)
    order.refresh_from_db()
    assert order.payment_state == "authorised"


def test_no_more_is_captured_than_authorised():
    _, payment = make_paid((2, "9.50"), state="authorised")
    capture.capture(payment.pk, amount=Decimal(10), actor="user:1")
    with pytest.raises(DomainError, match="only €9.00 of this payment can be") as error:
        capture.capture(payment.pk, amount=Decimal("9.01"), actor="user:1")
    assert error.value.field == "amount"
    assert counters(payment) == (19, 10, 0, 0)


def test_all_that_is_left_is_captured_and_then_nothing():
    _, payment = make_paid((2, "9.50"), state="authorised")
    assert capture.capture(payment.pk, actor="user:1").amount == 19
    with pytest.raises(DomainError, match="Nothing of this payment is left"):
        capture.capture(payment.pk, actor="user:1")


def test_a_channel_that_captures_at_placing_captures_when_the_order_is_confirmed():
    order, payment = make_paid((2, "9.50"), state="authorised", channel=make_test_channel(capture_at="placing"))
    order.refresh_from_db()
    assert order.payment_state == "paid"
    assert counters(payment) == (19, 0, 19, 0)


def test_a_channel_that_captures_at_shipping_captures_what_is_invoiced():
    order, payment = make_paid((3, "10.00"), shipping="5", state="authorised")
    due_at_shipping(order)
    assert counters(payment)[2] == 0

    ship(order, {0: 1})
    deliver()
    assert counters(payment)[2] == 15
    due_at_shipping(order)
    assert counters(payment)[2] == 15

    ship(order, {0: 2})
    deliver()
    assert counters(payment) == (35, 0, 35, 0)


def test_a_channel_that_captures_by_hand_captures_nothing_by_itself():
    channel = make_test_channel(capture_at="manual")
    order, payment = make_paid((3, "10.00"), state="authorised", channel=channel)
    ship(order)
    deliver()
    assert counters(payment) == (30, 0, 0, 0)


def test_a_refused_capture_holds_the_order():
    order, payment = make_paid((2, "9.50"), state="authorised", token="capture_declined")
    capture.capture(payment.pk, actor="user:1")
    deliver()
    assert counters(payment) == (19, 0, 0, 0)
    hold = Hold.objects.active().get(order=order)
    assert (hold.kind, hold.reason) == ("payment", "A capture was refused: The capture was declined by the sandbox.")


def test_a_cancelled_order_gives_its_authorisation_back():
    order, payment = make_paid((2, "9.50"), state="authorised")
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    assert counters(payment) == (19, 0, 0, 19)
    order.refresh_from_db()
    assert order.payment_state == "unpaid"


def test_an_authorisation_that_comes_after_the_cancellation_goes_back():
    order = make_order_of((2, "9.50"))
    payment = pay.authorise(order.pk, amount=order.gross, token="ok")
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    assert counters(payment) == (19, 0, 0, 19)


def test_what_is_still_needed_is_not_given_back():
    order, payment = make_paid((2, "9.50"), state="authorised")
    with transaction.atomic():
        capture.release_rest(Order.objects.lock(order.pk))
    assert not PaymentEntry.objects.filter(kind="void").exists()
    assert counters(payment) == (19, 0, 0, 0)


def test_a_part_is_voided_by_hand():
    _, payment = make_paid((2, "9.50"), state="authorised")
    capture.void(payment.pk, amount=Decimal(4), actor="user:1")
    deliver()
    assert counters(payment) == (19, 0, 0, 4)
    assert Payment.objects.get().capturable == 15


@pytest.mark.corrupt(11, 13)  # no entry says what the counters were made to say
def test_the_table_itself_refuses_to_capture_too_much():
    _, payment = make_paid((2, "9.50"), state="authorised")
    assert not Payment.objects.change(payment, captured=Decimal("19.01"))
    assert Payment.objects.change(payment, captured=Decimal("19.00"))
    assert not Payment.objects.change(payment, refunded=Decimal("19.01"))
    assert counters(payment) == (19, 0, 19, 0)


def test_an_authorisation_that_comes_after_the_order_closed_goes_back():
    order = make_order_of((2, "9.50"))
    pay.add_payment(order.pk, amount=order.gross, gateway="manual", method="cash")
    ship(order)
    payment = pay.authorise(order.pk, amount=order.gross, token="ok")
    close(order.pk)
    deliver("orders.tasks.release_rest")  # the gateway answers after that
    deliver()
    assert counters(payment) == (19, 0, 0, 19)
