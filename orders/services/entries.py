"""The entries of payments: written pending and counted, then ended once, with the order locked throughout.

Whoever wants money moved: `ask` writes the entry and says so; a sender calls the gateway with no
transaction open; `settle` records what it answered. A killed worker can only make the call again,
with the same key.
"""

from django.conf import settings

from oms.lib.errors import DomainError
from oms.lib.money import show
from oms.lib.plugins import load
from orders.gateways.base import Movement
from orders.models import Payment, PaymentEntry

Kind = PaymentEntry.Kind
Status = PaymentEntry.Status

# What an entry adds to the counters of its payment while it is pending, and when it is done.
PENDING = {Kind.CAPTURE: "capturing", Kind.VOID: "voided", Kind.REFUND: "refunded"}
DONE = {Kind.AUTHORISE: "authorised", Kind.CAPTURE: "captured", Kind.VOID: "voided", Kind.REFUND: "refunded"}


def gateway_of(payment):
    return load(settings.GATEWAYS, payment.gateway)


def write(payment, kind, amount, *, refund=None, actor):
    """Write a pending entry of `kind` and count it; raises DomainError when the payment has not so much."""
    counter = PENDING.get(kind)
    if counter and not Payment.objects.change(payment, **{counter: amount}):
        raise DomainError(_bound(payment, kind, amount), field="amount")
    return PaymentEntry.objects.create(payment=payment, kind=kind, amount=amount, refund=refund, actor=actor)


def send(entry):
    """Ask the gateway for `entry`, under its id; returns the Receipt, raises GatewayError."""
    payment, order = entry.payment, entry.payment.order
    movement = Movement(
        key=str(entry.pk),
        amount=entry.amount,
        currency=order.currency,
        order_number=order.number,
        token=payment.token,
        reference=payment.reference,
    )
    gateway = gateway_of(payment)
    act = {
        Kind.AUTHORISE: gateway.authorise,
        Kind.CAPTURE: gateway.capture,
        Kind.VOID: gateway.void,
        Kind.REFUND: gateway.refund,
    }
    return act[entry.kind](movement)


def end(entry, receipt, *, by=None):
    """Record on a pending entry and its payment that the money has moved, `by` the gateway or what is named."""
    payment = entry.payment
    deltas = {}
    if entry.kind in PENDING:
        deltas[PENDING[entry.kind]] = -entry.amount
    deltas[DONE[entry.kind]] = deltas.get(DONE[entry.kind], 0) + entry.amount
    Payment.objects.change(payment, **deltas)
    if entry.kind == Kind.AUTHORISE:
        payment.reference, payment.token = payment.reference or receipt.reference, ""
        payment.save(update_fields=["reference", "token"])
    entry.move_to(Status.DONE, provider_ref=f"{by or payment.gateway}:{receipt.movement}"[:120])


def fail(entry, error):
    """Record on a pending entry that no money moves, and count it no more."""
    if entry.kind in PENDING:
        Payment.objects.change(entry.payment, **{PENDING[entry.kind]: -entry.amount})
    entry.move_to(Status.FAILED, error=error)


def _bound(payment, kind, amount):
    left = payment.refundable if kind == Kind.REFUND else payment.capturable
    currency = payment.order.currency
    verb = {Kind.CAPTURE: "captured", Kind.VOID: "voided", Kind.REFUND: "refunded"}[kind]
    return f"{show(amount, currency)} cannot be {verb}: only {show(left, currency)} of this payment can be."
