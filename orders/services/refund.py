"""Money back to the customer: asked for, approved where it is much, sent over the payments it came from."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import ZERO, quantise, show
from orders.gateways.base import Receipt
from orders.models import Order, Payment, PaymentEntry, Refund, RefundLine
from orders.models.payment import BY_HAND
from orders.models.worth import kept_of
from orders.services import entries, settle, states
from orders.services.due import excess_of
from orders.services.refund_caps import caps_of

Kind = RefundLine.Kind
Status = Refund.Status
LESS = "less:"  # keys of refunds because the order costs less than was taken


@dataclass(frozen=True)
class RefundLineIn:
    """So much, with tax, for what; `line_id` names the order line of an item or its tax."""

    kind: str
    amount: Decimal
    line_id: int | None = None
    quantity: int = 0


@command
def request(order_id, *, lines, reason, actor, key=None, is_owed=False, lowers_due=None, **options):
    """Ask for a refund of `lines` ([RefundLineIn]); returns the Refund, which is sent at once where it may be.

    `lowers_due` is False where the order costs less already. Where it is not said, what was paid too much goes
    back first, which lowers nothing. `options` are `wants_credit_note`.
    Above the channel's limit it waits for a second person, unless `is_owed` (goods cancelled, goods
    returned). `key` names the cause: a second call with the same one returns the first refund. Raises
    Invalid, naming the field, and DomainError above what can be refunded.
    """
    order = Order.objects.lock(order_id)
    known = order.refunds.filter(key=key).first() if key else None
    if known:
        return known
    amount = _check(order, lines, reason)
    if lowers_due is None:
        lowers_due = _is_beyond(amount, excess_of(order), currency=order.currency)
    fields = {"amount": amount, "reason": reason, "requested_by": actor, "lowers_due": lowers_due, **options}
    refund = Refund(order=order, key=key, **fields)
    refund.save(force_insert=True)
    RefundLine.objects.bulk_create([RefundLine(refund=refund, **vars(line)) for line in lines])
    order.publish("order.refund_requested", actor=actor, refund=refund.pk)
    if not _must_wait(order, refund, actor=actor, is_owed=is_owed):
        _approve(order, refund, actor=actor)
    states.refresh(order)
    return refund


@command
def approve(refund_id, *, actor):
    """Let a waiting refund go; raises DomainError when who asked for it approves it too."""
    order, refund = _lock(refund_id)
    if actor == refund.requested_by:
        raise DomainError("A refund above the limit needs a second person: somebody else must approve it.")
    _approve(order, refund, actor=actor)
    states.refresh(order)
    return refund


@command
def reject(refund_id, *, actor):
    """Refuse a waiting refund, or give up a failed one; what was sent of it stays sent."""
    order, refund = _lock(refund_id)
    _decide(refund, Status.REJECTED, actor=actor)
    order.publish("order.refund_rejected", actor=actor, refund=refund.pk)
    states.refresh(order)
    return refund


@command
def retry(refund_id, *, actor):
    """Send again what a gateway refused of a failed refund, as new movements."""
    order, refund = _lock(refund_id)
    _send(order, refund, actor=actor)
    states.refresh(order)
    return refund


@command
def pay_by_hand(refund_id, *, reference, actor):
    """Record that a person has paid what a gateway refused of a failed refund; `reference` is the bank's."""
    order, refund = _lock(refund_id)
    if not reference.strip():
        raise Invalid("Say how it was paid: the reference of the transfer.", field="reference")
    for entry in _write(order, refund, actor=actor):
        entries.end(entry, Receipt("", f"{entry.pk} {reference}"), by=BY_HAND)
    settle.close_refund(order, refund, actor=actor)
    states.refresh(order)
    return refund


def _check(order, lines, reason):
    """Return the sum of `lines`; raises when one makes no sense or is more than its cap."""
    if not lines:
        raise Invalid("Say what is refunded: a line at least.", field="lines")
    if not reason.strip():
        raise Invalid("Give the reason of the refund.", field="reason")
    caps = caps_of(order)
    for i, line in enumerate(lines):
        _check_line(order, line, field=f"lines.{i}")
    caps.check(lines, currency=order.currency)
    amount = sum((line.amount for line in lines), ZERO)
    if amount <= 0:
        raise Invalid("A refund is more than nothing.", field="lines")
    return amount


def _is_beyond(amount, excess, *, currency):
    """Return whether a refund is of the price, not of what was paid too much; raises DomainError where of both."""
    if 0 < excess < amount:
        text = f"{show(excess, currency)} of it was paid too much: refund that first, by itself, then the rest."
        raise DomainError(text, field="lines")
    return amount > excess


def _check_line(order, line, *, field):
    if line.kind not in Kind.values:
        raise Invalid(f"A refund is for {', '.join(Kind.values)}, not {line.kind}.", field=f"{field}.kind")
    if line.amount != quantise(line.amount, order.currency):
        raise Invalid(f"{line.amount} is no amount of {order.currency}.", field=f"{field}.amount")
    if line.amount == 0 or (line.amount < 0 and line.kind != Kind.FEE):
        raise Invalid("Only a fee can be kept back; everything else is more than nothing.", field=f"{field}.amount")
    if line.kind in (Kind.ITEM, Kind.TAX) and not order.lines.filter(pk=line.line_id or 0).exists():
        raise Invalid(f"Order {order} has no such line.", field=f"{field}.line")


def _must_wait(order, refund, *, actor, is_owed):
    """Say whether a person must decide: above the limit, or where only a person can send the money."""
    limit = order.channel.refund_limit
    if actor == "system":
        return not is_owed or any(entries.gateway_of(payment).is_immediate for payment in order.payments.refundable())
    return not is_owed and limit is not None and refund.amount > limit


def _approve(order, refund, *, actor):
    _decide(refund, Status.APPROVED, actor=actor)
    _send(order, refund, actor=actor)


def _decide(refund, status, *, actor):
    refund.decided_by, refund.decided_at = actor, timezone.now()
    refund.move_to(status)


def _send(order, refund, *, actor):
    for entry in _write(order, refund, actor=actor):
        settle.ask(order, entry, actor=actor)


def _write(order, refund, *, actor):
    """Write the entries of what is still to be sent, over the payments, the oldest capture first."""
    refund.move_to(Status.SENDING)
    counted = sum((entry.amount for entry in refund.entries.not_failed()), ZERO)
    missing, written = refund.amount - counted, []
    for payment in order.payments.refundable():
        part = min(missing, payment.refundable)
        if part > 0:
            payment.order = order
            entry = entries.write(payment, PaymentEntry.Kind.REFUND, part, refund=refund, actor=actor)
            entry.refund = refund
            written.append(entry)
            missing -= part
    if missing:
        left = Payment.objects.totals(order).kept
        raise DomainError(f"Only {show(left, order.currency)} can be refunded now.", field="amount")
    return written


def _lock(refund_id):
    order = Order.objects.lock(Refund.objects.values_list("order", flat=True).get(pk=refund_id))
    refund = order.refunds.get(pk=refund_id)
    refund.order = order
    return order, refund


@command
def return_excess(order_id, *, actor="system"):
    """Refund what was taken beyond what the order still costs; returns the Refund, or None.

    For after a cancellation or a change. Other refunds (goodwill, goods returned) stay as they are; a
    second call finds nothing more. What somebody rejected is not asked for again by itself: once the order
    costs even less, the whole of it waits for somebody to approve it, however little it is.
    """
    order = Order.objects.lock(order_id)
    lines = list(order.lines.all())
    excess = min(excess_of(order), caps_of(order).total)
    rejected = order.refunds.filter(status=Status.REJECTED, key__startswith=LESS)
    if excess <= 0 or _is_decided(order, rejected, excess):
        return None
    parts = _parts(order, lines, excess)
    reason = "Cancelled" if any(line.cancelled for line in lines) else "Changed"
    options = {"key": f"{LESS}{order.refunds.count() + 1}", "is_owed": not rejected.exists(), "lowers_due": False}
    return request(order_id, lines=parts, reason=reason, actor=actor, **options)


def _is_decided(order, rejected, excess):
    """Return whether the newest refund of what was taken too much was `rejected`, and no more is too much now."""
    last = rejected.with_gone().first()
    newest = order.refunds.filter(lowers_due=False).first()
    return last is not None and last == newest and excess <= last.amount - last.gone


def _parts(order, lines, excess):
    """Say what `excess` is for: cancelled pieces first, then the shipping, and what is left was paid too much."""
    caps, parts = caps_of(order), []
    for line, worth in kept_of(order, lines, [])[0]:
        part = min(excess, caps.lines[line.pk] - worth.gross)  # what stays can still come back
        if part > 0:
            parts.append(RefundLineIn(Kind.ITEM, part, line.pk, line.cancelled))
            excess -= part
    for kind, cap in ((Kind.SHIPPING, caps.shipping), (Kind.GOODWILL, excess)):
        part = min(excess, cap)
        if part > 0:
            parts.append(RefundLineIn(kind, part))
            excess -= part
    return parts
