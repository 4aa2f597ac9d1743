"""An order of a channel: placed once, to the cent, then followed; what the channel took and gave back is recorded."""

from django.db import transaction

from oms.lib.errors import DomainError, InvalidTransition
from orders.channels.registry import EDI
from orders.models import Order
from orders.services import cancel, draft
from orders.services.follow_order import follow, said_of
from orders.services.intake import clean
from orders.services.ordered_at import check_past
from orders.services.outcome import done, ignored, refused
from orders.services.place import place
from orders.services.record_payments import record_payments
from orders.services.record_refund import BY_NAME, BY_SUM, record_refund
from orders.services.settle_message import ours_of, settle_message
from orders.services.translate import UnknownSkus, order_in_of

ACTOR = "channel"
CANCELLED = "Cancelled on the channel"


def take_order(document, record, read):
    """Return the Outcome of an IncomingOrder for a locked ChannelOrder; raises DomainError, then nothing happened."""
    if read.is_test:
        return ignored("A test order.", order=record.order)
    if read.is_draft:
        return ignored("A draft: it comes again when it is ordered.", order=record.order)
    if record.seen_at and read.updated_at and read.updated_at < record.seen_at:
        return ignored("Older than what is known of the order.", order=record.order)
    # Documents that do not say how new they are count as they come.
    record.seen_at = read.updated_at or record.seen_at
    if read.is_cancelled:
        record.cancelled_at = record.cancelled_at or read.updated_at or document.received_at
    if record.order_id:
        return _follow(document, record, read)
    _place(document.connection, record, read)
    _take_money(record, read)
    return done(order=record.order)


def cancel_known(record, *, reason):
    """Cancel the order of a locked ChannelOrder because its channel did; what is cancelled stays so.

    What the channel asked for before and the floor has not answered yet is not asked for again.
    """
    order = Order.objects.lock(record.order_id)
    if order.status == Order.Status.CLOSED:
        raise InvalidTransition(f"Order {order} has left: ask the customer to send it back.", field="status")
    is_asked = order.cancel_requested_at and record.said.get("cancelled")
    if order.status != Order.Status.CANCELLED and not is_asked:
        cancel.cancel(order.pk, reason=reason or CANCELLED, actor=ACTOR)
        record.said["cancelled"] = True
    return done(order=order)


def take_refunds(record, refunds):
    """Record IncomingRefunds of the order of a locked ChannelOrder, each once; pieces that shall not leave do not."""
    handled = record.said.setdefault("refunds", [])
    for one in refunds:
        if one.external_id in handled:
            continue
        handled.append(one.external_id)
        ours = ours_of(record, one.reason)
        if ours:  # it comes back: the pieces are cancelled and the money is counted
            settle_message(ours, one.external_id)
            continue
        lines = {line.external_id: line for line in Order.objects.lock(record.order_id).lines.priced()}
        named = [(lines[part.line_id], part) for part in one.lines if part.line_id in lines]
        _cancel_pieces(record, named)
        record_refund(
            record.order_id,
            key=f"{BY_NAME}{one.external_id}"[:60],
            amount=one.refunded or 0,
            reason=one.reason,
            lines=[(line.pk, int(part.quantity), part.amount) for line, part in named],
            actor=ACTOR,
        )


def _place(connection, record, read):
    channel = connection.channel_for(read.currency)
    if channel is None:
        text = f"It is in {read.currency}, and none of this shop's channels is: add one to the connection."
        raise DomainError(text, field="currency")
    order_in = clean(order_in_of(connection, channel, read))
    order = _write_cancelled(order_in) if record.cancelled_at else place(order_in, actor=ACTOR)
    if connection.kind == EDI:
        order.by_edi = True
        Order.objects.filter(pk=order.pk).update(by_edi=True)
    record.order, record.said = order, record.said | said_of(order_in)


def _write_cancelled(order_in):
    """Return an order that was cancelled before it was seen: to be found, never placed."""
    check_past(order_in.ordered_at)
    order = draft.save_draft(order_in, actor=ACTOR)
    return cancel.cancel(order.pk, reason=CANCELLED, actor=ACTOR)


def _follow(document, record, read):
    """Take what is new; the money is true also where the rest is refused."""
    _take_money(record, read)
    try:
        with transaction.atomic():
            if read.is_cancelled:
                return _follow_cancelled(document, record, read)
            note = follow(document.connection, record, read, actor=ACTOR)
    except UnknownSkus:
        raise
    except DomainError as error:
        return refused(error.message, error.field, order=record.order)
    return done(note, order=record.order)


def _follow_cancelled(document, record, read):
    """Cancel the order, whatever else the document says: that is taken too where it can be."""
    cancel_known(record, reason="")
    try:
        with transaction.atomic():
            note = follow(document.connection, record, read, actor=ACTOR)
    except DomainError as error:
        note = error.message
    return done(note, order=record.order)


def _take_money(record, read):
    record_payments(record.order_id, read.payments, actor=ACTOR)
    take_refunds(record, read.refunds)
    recorded = record.order.refunds.not_rejected().filter(key__startswith=BY_NAME)
    given_back = sum(recorded.values_list("amount", flat=True))
    if not read.refunds and read.refunded and read.refunded > given_back:
        key = f"{BY_SUM}{read.refunded:f}"[:60]
        record_refund(record.order_id, key=key, amount=read.refunded - given_back, reason="", actor=ACTOR)


def _cancel_pieces(record, named):
    pieces = {line.pk: min(int(part.quantity), line.open_quantity) for line, part in named if part.is_cancelled}
    pieces = {pk: count for pk, count in pieces.items() if count}
    if pieces and Order.objects.get(pk=record.order_id).is_open:
        cancel.cancel(record.order_id, lines=pieces, reason=CANCELLED, actor=ACTOR)
