"""Documents that come, and are worked, at once, in processes of their own, on either database."""

import json
import time
from decimal import Decimal

import pytest

from oms.outbox.models import Event
from orders.models import ChannelDocument, Order, Payment
from orders.services import pay
from orders.services.receive_document import receive
from orders.services.record_refund import PLATFORM
from orders.services.work_document import work
from tests.make import make_sku
from tests.orders.channels.feed import line, make_connection, order, receive_only, refund
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 8


def test_the_same_delivery_at_once_is_stored_once():
    shop, body = make_connection(), json.dumps(order(line(make_sku(9).code))).encode()

    def come(number):
        return receive(shop, body=body, delivery_id="w1")[1]

    assert sum(race(come, PROCESSES)) == 1
    assert ChannelDocument.objects.count() == Event.objects.filter(name="channel.received").count() == 1


def test_documents_of_one_order_at_once_are_one_order_and_its_money_once():
    shop, row = make_connection(), line(make_sku(9, code="MUG").code, 2)
    said = order(row, refunds=[refund("9.50", row)])
    documents = [receive_only(shop, said).pk for _ in range(PROCESSES)]
    race(lambda number: work(documents[number]).status, PROCESSES)
    placed = Order.objects.get()
    assert [payment.captured for payment in placed.payments.all()] == [Decimal("23.90")]
    assert [one.amount for one in placed.refunds.all()] == [Decimal("9.50")]
    assert set(ChannelDocument.objects.values_list("status", flat=True)) == {"done"}


def test_control_without_the_lock_the_money_is_there_several_times():
    """The same race, what is missing asked as a reader would: it is real."""
    shop, row = make_connection(), line(make_sku(9, code="MUG").code, 2)
    work(receive_only(shop, order(row, financial_status="pending")).pk)
    placed = Order.objects.get()

    def add(number):
        missing = Decimal("23.90") - sum(payment.captured for payment in Payment.objects.filter(order=placed))
        time.sleep(0.5)  # as long as the others look
        if missing > 0:
            pay.add_payment(placed.pk, amount=missing, gateway=PLATFORM)

    race(add, PROCESSES)
    assert placed.payments.count() > 1
