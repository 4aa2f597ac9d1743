"""The sender between the two transactions: killed, called twice, told nothing, it moves money once."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from oms.outbox.models import Delivery, Event
from orders import tasks
from orders.gateways.base import GatewayError
from orders.gateways.test import Test
from orders.models import PaymentEntry, SandboxMovement
from orders.services import capture, entries, refund, settle
from orders.services.refund import RefundLineIn
from tests.deliver import deliver
from tests.orders.money import make_paid

pytestmark = pytest.mark.django_db

SENDER = "orders.tasks.move_money"


class Killed(BaseException):
    """What SIGKILL looks like from inside: nothing catches it."""


def pending():
    return Delivery.objects.pending().get(consumer=SENDER)


def due_again():
    """The lease of the dead worker ends, or the time of the next try comes."""
    Delivery.objects.pending().update(lease_until=None, next_attempt_at=timezone.now())


def state(payment):
    payment.refresh_from_db()
    entry = payment.entries.last()
    calls = SandboxMovement.objects.get(key=str(entry.pk)).calls
    return payment.captured, payment.capturing, entry.status, calls


def test_killed_after_the_gateway_answered_it_asks_again_and_moves_once(monkeypatch):
    _, payment = make_paid((2, "9.50"), state="authorised")
    capture.capture(payment.pk, actor="user:1")

    def die(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(settle, "done", die)
        with pytest.raises(Killed):
            tasks.move_money(pending().pk)
    assert state(payment) == (0, 19, "pending", 1)
    assert tasks.move_money(pending().pk) is False  # another worker leaves it alone while the lease lasts

    due_again()
    assert tasks.move_money(pending().pk)
    assert state(payment) == (19, 0, "done", 2)
    assert SandboxMovement.objects.filter(operation="capture").count() == 1


def test_killed_after_it_recorded_it_does_nothing_more(monkeypatch):
    _, payment = make_paid((2, "9.50"), state="authorised")
    capture.capture(payment.pk, actor="user:1")
    delivery = pending()
    tasks.move_money(delivery.pk)
    Delivery.objects.filter(pk=delivery.pk).update(done_at=None, applied=0)  # the mark was lost with the worker
    due_again()
    assert tasks.move_money(delivery.pk)
    assert state(payment) == (19, 0, "done", 1)
    assert Event.objects.filter(name="order.captured").count() == 1


def test_an_answer_that_was_lost_is_asked_for_again():
    _, payment = make_paid((2, "9.50"), state="authorised", token="capture_timeout")
    capture.capture(payment.pk, actor="user:1")
    with pytest.raises(GatewayError, match="did not answer"):
        tasks.move_money(pending().pk)
    assert state(payment) == (0, 19, "pending", 1)
    due_again()
    deliver(SENDER)
    assert state(payment) == (19, 0, "done", 2)


def test_a_refund_whose_answer_was_lost_goes_out_once():
    order, payment = make_paid((2, "9.50"), token="refund_timeout")
    row = refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(5))], reason="late", actor="user:1")
    with pytest.raises(GatewayError):
        tasks.move_money(pending().pk)
    due_again()
    deliver(SENDER)
    row.refresh_from_db()
    movement = SandboxMovement.objects.get(operation="refund")
    assert (row.status, movement.calls, movement.amount) == ("done", 2, 5)


def test_a_second_record_of_the_same_answer_does_nothing():
    _, payment = make_paid((2, "9.50"), state="authorised")
    entry = capture.capture(payment.pk, actor="user:1")
    receipt = entries.send(PaymentEntry.objects.select_related("payment__order").get(pk=entry.pk))
    for _ in range(2):
        settle.done(entry.pk, receipt)
    settle.refused(entry.pk, "too late")
    assert state(payment) == (19, 0, "done", 1)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_gateway_is_asked(monkeypatch):
    seen = []
    act = Test.capture
    monkeypatch.setattr(Test, "capture", lambda *args: seen.append(connection.in_atomic_block) or act(*args))
    _, payment = make_paid((2, "9.50"))
    assert seen == [False]
    assert payment.captured == 19


def test_without_a_commit_nobody_is_asked():
    _, payment = make_paid((2, "9.50"), state="authorised")
    with transaction.atomic():
        capture.capture(payment.pk, actor="user:1")
        transaction.set_rollback(True)
    assert deliver(SENDER) == 0
    assert not SandboxMovement.objects.filter(operation="capture").exists()
