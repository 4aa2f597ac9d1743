from decimal import Decimal

import pytest

from oms.lib.errors import DomainError, Invalid
from oms.outbox.models import Event
from orders.models import Payment, PaymentEntry, SandboxMovement
from orders.services import cancel, pay, refund
from tests.deliver import deliver
from tests.orders import money
from tests.orders.money import make_test_channel

pytestmark = pytest.mark.django_db


def make_order_of(*lines, **fields):
    """An order that waits for its payment to be authorised."""
    return money.make_order_of(*lines, **{"channel": make_test_channel(payment_gate="authorised")} | fields)


def state_of(order):
    order.refresh_from_db()
    return order.status, order.payment_state


def news(order):
    return list(Event.objects.filter(subject=order.subject).order_by("pk").values_list("name", flat=True))


def test_a_captured_payment_confirms_the_order():
    order = make_order_of((2, "9.50"), channel=make_test_channel(payment_gate="captured"))
    deliver()
    assert state_of(order) == ("placed", "unpaid")

    payment = pay.add_payment(order.pk, amount=order.gross, method="Visa", reference="tx-1", actor="partner:1")

    assert state_of(order) == ("confirmed", "paid")
    assert (payment.authorised, payment.captured, payment.refundable) == (19, 19, 19)
    assert [(entry.kind, entry.status) for entry in payment.entries.all()] == [("auth", "done"), ("capture", "done")]
    assert {"order.authorised", "order.captured", "order.paid"} <= set(news(order))


def test_an_authorised_payment_is_not_paid_yet():
    order = make_order_of((2, "9.50"))
    pay.add_payment(order.pk, amount=order.gross, reference="tx-1", state="authorised")
    deliver()
    assert state_of(order) == ("confirmed", "authorised")
    assert "order.paid" not in news(order)


def test_part_of_the_money_is_not_enough():
    order = make_order_of((2, "9.50"))
    pay.add_payment(order.pk, amount=Decimal("18.99"), reference="tx-1", state="captured")
    deliver()
    assert state_of(order) == ("placed", "partly_paid")


def test_a_gift_card_and_a_card_together_are_enough():
    order = make_order_of((2, "9.50"))
    pay.add_payment(order.pk, amount=Decimal(9), gateway="manual", method="gift card", state="captured")
    pay.add_payment(order.pk, amount=Decimal(10), reference="tx-1", state="authorised")
    deliver()
    assert state_of(order) == ("confirmed", "authorised")


def test_the_same_reference_is_the_same_payment():
    order = make_order_of((2, "9.50"))
    first, second = (pay.add_payment(order.pk, amount=Decimal(5), reference="tx-1") for _ in range(2))
    assert first == second
    assert Payment.objects.totals(order).captured == 5
    with pytest.raises(DomainError, match="another amount"):
        pay.add_payment(order.pk, amount=Decimal(6), reference="tx-1")
    assert Payment.objects.totals(order).captured == 5


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_an_amount_that_cannot_be_paid_is_refused(amount):
    order = make_order_of((1, "9.50"))
    with pytest.raises(Invalid) as error:
        pay.add_payment(order.pk, amount=Decimal(amount))
    assert error.value.field == "amount"
    assert not order.payments.exists()


def test_an_unknown_state_is_refused():
    order = make_order_of((1, "9.50"))
    with pytest.raises(Invalid, match="authorised or captured"):
        pay.add_payment(order.pk, amount=Decimal(1), state="maybe")
    assert not order.payments.exists()


def test_the_gateway_authorises_by_token():
    order = make_order_of((2, "9.50"))
    payment = pay.authorise(order.pk, amount=order.gross, token="ok", method="Visa")
    assert (payment.authorised, SandboxMovement.objects.count()) == (0, 0)

    deliver()

    payment.refresh_from_db()
    assert (payment.authorised, payment.token) == (19, "")
    assert payment.reference.startswith("sandbox-ok-")
    assert payment.entries.get().provider_ref == f"test:sandbox-{payment.entries.get().pk}"
    assert state_of(order) == ("confirmed", "authorised")


def test_a_second_call_with_a_token_authorises_once():
    order = make_order_of((2, "9.50"))
    assert pay.authorise(order.pk, amount=order.gross, token="ok") == pay.authorise(
        order.pk, amount=order.gross, token="ok"
    )
    deliver()
    assert SandboxMovement.objects.get().calls == 1


def test_a_declined_payment_leaves_the_order_waiting():
    order = make_order_of((2, "9.50"))
    payment = pay.authorise(order.pk, amount=order.gross, token="declined")
    deliver()
    entry = payment.entries.get()
    assert (entry.status, entry.error) == ("failed", "The authorise was declined by the sandbox.")
    assert state_of(order) == ("placed", "unpaid")
    assert "order.payment_failed" in news(order)


def test_a_cancelled_order_takes_no_payment():
    order = make_order_of((2, "9.50"))
    cancel.cancel(order.pk, reason="changed mind")
    with pytest.raises(DomainError, match="takes no payment"):
        pay.authorise(order.pk, amount=order.gross, token="ok")
    assert not PaymentEntry.objects.exists()


def test_a_refund_does_not_stand_for_the_rest_of_the_money():
    order = make_order_of((1, "100.00"), channel=make_test_channel(payment_gate="paid", gateway="manual"))
    pay.add_payment(order.pk, amount=Decimal(50))
    lines = [refund.RefundLineIn("goodwill", Decimal(10))]
    refund.request(order.pk, lines=lines, reason="late", actor="user:1")
    pay.add_payment(order.pk, amount=Decimal(1))
    deliver()
    assert state_of(order) == ("placed", "partly_paid")
    pay.add_payment(order.pk, amount=Decimal(49))
    deliver()
    assert state_of(order) == ("confirmed", "partly_refunded")
