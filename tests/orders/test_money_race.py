"""Many at once on the same money and the same numbers. Each race has a control that loses it."""

import random
import time
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum

from oms.lib.errors import DomainError
from orders.models import Invoice, NumberSeries, Payment, PaymentEntry
from orders.services import capture, pay, refund
from orders.services.refund import RefundLineIn
from tests.orders.money import make_order_of, make_paid, make_test_channel, ship
from tests.race import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

MANY = 16


def attempt(function, *args, **kwargs):
    """Say whether a call went through; any refusal but one of the business fails the test."""
    try:
        function(*args, **kwargs)
    except DomainError:
        return False
    return True


def all_of(payment):
    return [RefundLineIn("goodwill", payment.captured)]


def refunded(payment):
    done = payment.entries.filter(kind="refund").exclude(status="failed")
    return done.aggregate(sum=Sum("amount"))["sum"] or 0


def test_sixteen_refund_one_payment_and_one_wins():
    order, payment = make_paid((2, "9.50"))

    def ask(number):
        return attempt(refund.request, order.pk, lines=all_of(payment), reason="late", actor=f"user:{number}")

    assert sum(race(ask, MANY)) == 1
    payment.refresh_from_db()
    assert (payment.refunded, refunded(payment)) == (19, 19)


@pytest.mark.corrupt(11, 13)
def test_control_without_the_lock_refunds_too_much():
    order, payment = make_paid((2, "9.50"))

    def look_and_refund(number):
        if Payment.objects.get(pk=payment.pk).captured - refunded(payment) < 19:
            return False
        time.sleep(0.5)
        PaymentEntry.objects.create(payment=payment, kind="refund", amount=19)
        return True

    assert sum(race(look_and_refund, MANY)) > 1
    assert refunded(payment) > payment.captured


def test_sixteen_capture_one_authorisation_and_never_too_much():
    _, payment = make_paid((2, "9.50"), state="authorised")

    def take(number):
        return attempt(capture.capture, payment.pk, amount=Decimal(4), actor=f"user:{number}")

    assert sum(race(take, MANY)) == 4
    payment.refresh_from_db()
    assert (payment.capturing, payment.capturable) == (16, 3)


def test_one_payment_notified_sixteen_times_is_one():
    order = make_order_of((2, "9.50"))

    def notify(number):
        return pay.add_payment(order.pk, amount=Decimal(19), reference="tx-1").pk

    assert len(set(race(notify, MANY))) == 1
    assert Payment.objects.totals(order).captured == 19


def ship_in_vain(order):
    """Ship and invoice `order`, and take all of it back at the last moment."""
    with transaction.atomic():
        assert ship(order).number
        transaction.set_rollback(True)


def test_numbers_taken_at_once_have_no_gap_though_some_are_given_back(sized):
    channel, many = make_test_channel(), sized(8, MANY)
    orders = [make_order_of((1, "5.00"), channel=channel) for _ in range(many)]

    def bill(number):
        ship_in_vain(orders[number])
        return ship(orders[number]).number

    assert sorted(race(bill, many)) == list(range(1, many + 1))
    bills = Invoice.objects.order_by("number")
    assert sorted(bill.issued_at for bill in bills) == [bill.issued_at for bill in bills]
    assert NumberSeries.objects.get().next_number == many + 1


@pytest.mark.corrupt(12)
def test_control_a_number_read_without_the_lock_is_given_twice():
    series = NumberSeries.objects.create(seller=make_test_channel().seller, kind="invoice", prefix="X-")

    def take(number):
        seen = NumberSeries.objects.get(pk=series.pk).next_number
        time.sleep(random.uniform(0, 0.01))
        NumberSeries.objects.filter(pk=series.pk).update(next_number=seen + 1)
        return seen

    assert len(set(race(take, MANY))) < MANY
