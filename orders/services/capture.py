"""Taking what was authorised, and giving back what is not needed."""

from django.db.models import Sum

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.money import ZERO
from orders.models import Channel, CreditNote, Invoice, Order, Payment, PaymentEntry
from orders.services import entries, settle, states
from orders.services.due import due_of

Cause = CreditNote.Cause


@command
def capture(payment_id, *, amount=None, actor):
    """Take `amount` (None: all that is left) of an authorised payment; returns the PaymentEntry.

    It is done when the gateway says so. Raises DomainError when less is left.
    """
    return _move(payment_id, PaymentEntry.Kind.CAPTURE, amount, actor=actor)


@command
def void(payment_id, *, amount=None, actor):
    """Give back `amount` (None: all that is left) of what is authorised and not captured; see `capture`."""
    return _move(payment_id, PaymentEntry.Kind.VOID, amount, actor=actor)


def due_at_confirm(order, *, actor="system"):
    """Take what a locked `order` costs, where its channel does so when the order is confirmed.

    A second call takes nothing more.
    """
    if order.channel.capture_at == Channel.Capture.PLACING:
        _take(order, _missing(order), actor=actor)


def due_at_shipping(order, amount=None, *, actor="system"):
    """Take what a locked `order` was invoiced for and is not taken yet (or `amount`), where its channel does so then.

    A second call takes nothing more. Less is authorised than is due: what there is.
    """
    if order.channel.capture_at == Channel.Capture.SHIPPING:
        _take(order, invoiced(order) - _taken(order) if amount is None else amount, actor=actor)


def release_rest(order, *, actor="system"):
    """Void what a locked `order` will not need of its authorisations; a second call finds nothing."""
    needed = max(_missing(order), ZERO)
    for payment in order.payments.capturable():
        kept = min(needed, payment.capturable)
        needed -= kept
        if payment.capturable > kept:
            _ask(order, payment, PaymentEntry.Kind.VOID, payment.capturable - kept, actor=actor)
    states.refresh(order)


def invoiced(order):
    """Return what the invoices of `order` come to, less what was credited of goods not gone, or back unpaid."""
    invoices = Invoice.objects.filter(order=order).aggregate(sum=Sum("gross"))["sum"]
    notes = CreditNote.objects.filter(order=order, cause__in=[Cause.UNSHIPPED, Cause.RETURN])
    return (invoices or ZERO) - (notes.aggregate(sum=Sum("gross"))["sum"] or ZERO)


def _missing(order):
    """Return what is due and neither kept nor on its way; less than nothing where too much is."""
    return due_of(order) - _taken(order) + Payment.objects.totals(order).refunded


def _taken(order):
    sums = Payment.objects.filter(order=order).aggregate(captured=Sum("captured"), capturing=Sum("capturing"))
    return (sums["captured"] or ZERO) + (sums["capturing"] or ZERO)


def _take(order, amount, *, actor):
    """Capture `amount` of a locked order's authorisations, the oldest first, as far as they reach."""
    asked = []
    for payment in order.payments.capturable():
        part = min(amount, payment.capturable)
        if part > 0:
            asked.append(_ask(order, payment, PaymentEntry.Kind.CAPTURE, part, actor=actor))
            amount -= part
    if asked:
        states.refresh(order)


def _move(payment_id, kind, amount, *, actor):
    order = Order.objects.lock(Payment.objects.values_list("order", flat=True).get(pk=payment_id))
    payment = order.payments.get(pk=payment_id)
    amount = payment.capturable if amount is None else amount
    if amount <= 0:
        raise Invalid("Nothing of this payment is left to capture or void.", field="amount")
    entry = _ask(order, payment, kind, amount, actor=actor)
    states.refresh(order)
    return entry


def _ask(order, payment, kind, amount, *, actor):
    payment.order = order
    entry = entries.write(payment, kind, amount, actor=actor)
    settle.ask(order, entry, actor=actor)
    return entry
