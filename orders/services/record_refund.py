"""Money that a channel gave back by itself is recorded as it says, and sent to nobody again."""

from django.db.models import Q

from oms.lib.commands import command
from oms.lib.errors import DomainError
from oms.lib.money import ZERO, quantise
from orders.gateways.base import Receipt
from orders.models import ChannelMessage, Order, PaymentEntry, Refund, RefundLine
from orders.services import entries, pay, refund, settle, states
from orders.services.due import excess_of
from orders.services.refund import Kind, RefundLineIn, Status
from orders.services.refund_caps import caps_of

PLATFORM = "platform"
OURS = refund.LESS
BY_NAME = "channel:"
BY_SUM = "channel:sum:"  # of channels that say how much was given back, and not by which refund


@command
def record_refund(order_id, *, key, amount, reason, lines=(), actor="system"):
    """Record that the channel gave back `amount` under `key`; returns the Refund, of a second call the first.

    `lines` are [(order line's id, pieces, amount)] as far as the channel says. What was asked for here for the same
    amount was that; other requests of the machine's own are dropped, and what is still owed is asked for anew. Money
    that came back must have been taken: what is not known to be is recorded as taken.
    """
    order = Order.objects.lock(order_id)
    amount = quantise(amount, order.currency)
    known = order.refunds.filter(key=key).first()
    if known or amount <= 0:
        return known
    claimed = _claim(order, key, amount, actor=actor)
    if claimed:
        return claimed
    dropped = _drop_requests(order, actor=actor)
    _take_what_came_back(order, amount, actor=actor)
    order = Order.objects.lock(order_id)  # as those left it
    written = _write(order, key=key, amount=amount, reason=reason, lines=lines, actor=actor)
    states.refresh(order)
    if dropped:
        refund.return_excess(order.pk)
    return written


def _claim(order, key, amount, *, actor):
    """Return what we asked for ourselves and the channel has paid now: done, under the channel's key; or None.

    What the channel was never told of yet is still to be paid: it is none of these.
    """
    unnamed = Q(key__startswith=OURS) | Q(key__startswith=BY_SUM) | Q(key=None)
    untold = ChannelMessage.objects.pending().filter(refund__order=order, attempts=0).values("refund")
    found = order.refunds.filter(unnamed, amount=amount, status__in=[Status.REQUESTED, Status.DONE])
    found = found.exclude(pk__in=untold).order_by("pk").first()
    if found is None or found.entries.exclude(payment__gateway=PLATFORM).exists():
        return None
    if found.status == Status.REQUESTED:
        refund.approve(found.pk, actor=actor)
        found.refresh_from_db()
    found.key = key
    found.save(update_fields=["key"])
    return found


def _drop_requests(order, *, actor):
    waiting = list(order.refunds.waiting().filter(key__startswith=OURS))
    for one in waiting:
        refund.reject(one.pk, actor=actor)
    # Nobody decided against them: without the key, what is still owed is asked for anew.
    order.refunds.filter(pk__in=[one.pk for one in waiting]).update(key=None)
    return waiting


def _take_what_came_back(order, amount, *, actor):
    missing = amount - sum((payment.refundable for payment in order.payments.refundable()), ZERO)
    if missing > 0:
        missing -= take_authorised(order, missing, actor=actor)
    if missing > 0:
        pay.add_payment(order.pk, amount=missing, gateway=PLATFORM, method="channel", actor=actor)


def take_authorised(order, amount, *, actor):
    """Record that the channel took `amount` of what it had authorised; returns how much of it could be."""
    taken = ZERO
    for payment in order.payments.capturable().filter(gateway=PLATFORM):
        part = min(amount - taken, payment.capturable)
        if part > 0:
            payment.order = order
            entry = entries.write(payment, PaymentEntry.Kind.CAPTURE, part, actor=actor)
            settle.record(order, entry, Receipt(payment.reference, f"given-{entry.pk}"), actor=actor)
            taken += part
    if taken:
        states.refresh(order)
    return taken


def _write(order, *, key, amount, reason, lines, actor):
    found = Refund(
        order=order,
        key=key,
        amount=amount,
        reason=(reason or "Refunded by the channel")[:200],
        requested_by=actor,
        lowers_due=amount > excess_of(order),
    )
    parts = _parts(order, lines, amount)
    found.save(force_insert=True)
    RefundLine.objects.bulk_create([RefundLine(refund=found, **vars(part)) for part in parts])
    for status in (Status.APPROVED, Status.SENDING):
        found.move_to(status)
    missing = amount
    for payment in order.payments.refundable():
        part = min(missing, payment.refundable)
        if part > 0:
            payment.order = order
            entry = entries.write(payment, PaymentEntry.Kind.REFUND, part, refund=found, actor=actor)
            entries.end(entry, Receipt("", f"{key}:{entry.pk}"), by=PLATFORM)
            missing -= part
    if missing:
        raise DomainError(f"{missing} more was given back than was taken.", field="refunded")
    settle.close_refund(order, found, actor=actor)
    return found


def _parts(order, lines, amount):
    """Say what `amount` was for: the lines that the channel names as far as they can be, shipping, goodwill."""
    caps, parts = caps_of(order), []
    for line_id, pieces, worth in lines:
        part = min(quantise(worth or ZERO, order.currency), caps.lines[line_id], amount)
        if part > 0:
            parts.append(RefundLineIn(Kind.ITEM, part, line_id, pieces))
            caps.lines[line_id] -= part
            amount -= part
    for kind, cap in ((Kind.SHIPPING, caps.shipping if lines else ZERO), (Kind.GOODWILL, amount)):
        part = min(amount, cap)
        if part > 0:
            parts.append(RefundLineIn(kind, part))
            amount -= part
    return parts
