"""What a gateway answered is recorded, once, and what follows from it for the order."""

from oms.lib.commands import command
from oms.lib.money import ZERO
from orders.models import Hold, Order, PaymentEntry, Refund
from orders.services import confirm, entries, invoicing, states
from orders.services.place_hold import place_on

Kind = PaymentEntry.Kind
NEWS = {Kind.AUTHORISE: "order.authorised", Kind.CAPTURE: "order.captured", Kind.VOID: "order.voided"}


def ask(order, entry, *, actor):
    """Have the pending `entry` of a locked `order` done: at once where people move the money, else by a sender."""
    if entries.gateway_of(entry.payment).is_immediate:
        record(order, entry, entries.send(entry), actor=actor)
    else:
        order.publish("order.payment_requested", actor=actor, entry=entry.pk, kind=entry.kind)


@command
def done(entry_id, receipt):
    """Record that the gateway did entry `entry_id`; a second call does nothing."""
    order, entry = _lock(entry_id)
    if entry.status == PaymentEntry.Status.PENDING:
        record(order, entry, receipt, actor=entry.actor)
        states.refresh(order)


@command
def refused(entry_id, reason):
    """Record that the gateway will not do entry `entry_id`; a second call does nothing."""
    order, entry = _lock(entry_id)
    if entry.status != PaymentEntry.Status.PENDING:
        return
    entries.fail(entry, reason)
    order.publish("order.payment_failed", actor=entry.actor, entry=entry.pk, kind=entry.kind)
    if entry.refund:
        close_refund(order, entry.refund, actor=entry.actor)
    if entry.kind == Kind.CAPTURE and order.is_open:
        place_on(order, Hold.Kind.PAYMENT, f"A capture was refused: {reason}", actor=entry.actor)
    states.refresh(order)


def close_refund(order, refund, *, actor):
    """End a SENDING refund of a locked order when none of its entries is pending any more."""
    if refund.entries.pending().exists():
        return
    sent = sum((entry.amount for entry in refund.entries.done()), ZERO)
    if sent < refund.amount:
        refund.move_to(Refund.Status.FAILED)
        order.publish("order.refund_failed", actor=actor, refund=refund.pk)
        return
    refund.move_to(Refund.Status.DONE)
    if refund.wants_credit_note:
        invoicing.credit_refund(order, refund, actor=actor)
    order.publish("order.refunded", actor=actor, refund=refund.pk)


def record(order, entry, receipt, *, actor):
    """Record on a locked `order` that the money of its pending `entry` has moved, and say so."""
    was_paid = order.is_paid
    entries.end(entry, receipt)
    if entry.kind == Kind.REFUND:
        close_refund(order, entry.refund, actor=actor)
        return
    order.publish(NEWS[entry.kind], actor=actor, payment=entry.payment_id, entry=entry.pk)
    order.payment_state = states.payment_state(order, states.facts_of(order))
    if order.is_paid and not was_paid:
        order.publish("order.paid", actor=actor)
    confirm.try_confirm(order)


def _lock(entry_id):
    order_id = PaymentEntry.objects.values_list("payment__order", flat=True).get(pk=entry_id)
    order = Order.objects.lock(order_id)
    entry = PaymentEntry.objects.select_related("payment", "refund").get(pk=entry_id)
    entry.payment.order = order
    return order, entry
