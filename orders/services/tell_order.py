"""A channel is to be told what became of one of its orders here: written down with the change, sent by `tell_channels`.

What the channel told us itself is not told back to it.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from oms.lib.money import quantise
from orders.channels.out import CancellationOut, ChangeOut, LineOut, RefundOut, RetractionOut, ShipmentOut
from orders.channels.tellers import TELLERS
from orders.models import ChannelMessage, ChannelOrder, ChannelStock, Order, Refund
from orders.models.worth import share
from orders.services.record_refund import BY_NAME, PLATFORM
from orders.services.tell_customer import STOPPABLE_S

CHANNEL = "channel"  # who did what the channel said
# What channels have of an order, by the operations that change it; "lines" are had by both of theirs.
TOLD = {name: name for name in ("ship_to", "bill_to", "email", "customer_note", "method")}
TOLD |= {"quantities": "lines", "add": "lines"}
Kind = ChannelMessage.Kind
Status = ChannelMessage.Status
GONE = (Order.FulfilmentState.SHIPPED, Order.FulfilmentState.DELIVERED)


def tell_shipment(order_id, *, key, parcel, pieces, kits=(), number="", carrier="", url="", is_last=False):
    """Tell that a parcel left with `pieces` ({order line's id: pieces}), and what that completes of `kits` (line ids).

    A minute later, so that it can be taken back; `key` names this leaving of the parcel.
    """
    record = _record_of(order_id)
    if record is None:
        return
    before = _told(record)
    lines = {line.pk: line for line in record.order.lines.priced().exclude(external_id="")}
    said = {lines[pk].external_id: count for pk, count in pieces.items() if pk in lines}
    for pk in kits:
        if pk in lines and lines[pk].shipped > before[lines[pk].external_id]:
            said[lines[pk].external_id] = lines[pk].shipped - before[lines[pk].external_id]
    data = {"parcel": parcel, "number": number, "carrier": carrier, "url": url, "is_last": is_last}
    data |= {"lines": said}
    if said or is_last:
        _queue(record, Kind.SHIPMENT, key, data, wait=timedelta(seconds=STOPPABLE_S))


def take_back_shipment(order_id, key):
    """Have a parcel that has not left after all not told, or taken back where it may have been told."""
    message = ChannelMessage.objects.filter(record__order=order_id, key=key).select_for_update(of=("self",)).first()
    if message is None or message.status == Status.TAKEN_BACK:
        return
    message.move_to(Status.TAKEN_BACK)
    if message.attempts:
        data = {"of": message.pk, "parcel": message.data["parcel"], "number": message.data["number"]}
        _queue(message.record, Kind.RETRACTION, f"not:{key}"[:60], data)


def tell_cancelled(order_id, *, key, actor):
    """Tell what is cancelled, unless the channel said so itself; what waits to be told is told as it is then."""
    record = None if actor == CHANNEL else _record_of(order_id)
    if record is None or record.cancelled_at:
        return
    if not record.messages.pending().filter(kind=Kind.CANCELLATION, attempts=0).exists():
        _queue(record, Kind.CANCELLATION, key, {})


def tell_changed(order_id, fields, *, key, actor):
    """Tell what somebody changed by operations of these names, unless the channel said so itself."""
    record = None if actor == CHANNEL else _record_of(order_id)
    said = sorted({TOLD[name] for name in fields if name in TOLD})
    if record and said:
        _queue(record, Kind.CHANGE, key, {"fields": said})


def tell_refunded(refund_id, *, actor):
    """Tell that money goes back, as far as the channel has taken it and did not give it back by itself."""
    refund = Refund.objects.get(pk=refund_id)
    if actor == CHANNEL or (refund.key or "").startswith(BY_NAME):
        return
    record = _record_of(refund.order_id)
    amount = refund.entries.done().filter(payment__gateway=PLATFORM).aggregate(n=Sum("amount"))["n"]
    if record and amount:
        data = {"amount": f"{quantise(amount, record.order.currency):f}"}
        _queue(record, Kind.REFUND, f"refund:{refund.pk}", data, refund=refund)


def letter_of(message):
    """Return what a message says now."""
    record, data = message.record, message.data
    if message.kind == Kind.SHIPMENT:
        data = data | _beside(record, message)
        return ShipmentOut(order_id=record.external_id, reference=message.pk, left_at=message.queued_at, **data)
    if message.kind == Kind.RETRACTION:
        told = ChannelMessage.objects.get(pk=data["of"])
        number = "" if _beside(record, told)["is_shared"] else data["number"]
        return RetractionOut(record.external_id, data["parcel"], number, told.external_id)
    if message.kind == Kind.REFUND:
        return RefundOut(record.external_id, Decimal(data["amount"]), message.mark, message.refund.reason)
    if message.kind == Kind.CHANGE:
        names, lines = data["fields"], _lines_of(record) if "lines" in data["fields"] else ()
        fields = {name: getattr(record.order, name) for name in names if name != "lines"}
        return ChangeOut(record.external_id, fields, message.mark, lines)
    order = record.order
    default = message.connection.places.filter(is_default=True).values_list("place_id", flat=True).first()
    return CancellationOut(
        order_id=record.external_id,
        keep={line.external_id: line.quantity - line.cancelled for line in order.lines.priced()},
        is_whole=order.status == Order.Status.CANCELLED,
        mark=message.mark,
        reason=order.cancel_reason,
        place_id=default or "",
        is_over=order.fulfilment_state in GONE,
    )


def _record_of(order_id):
    """Return the ChannelOrder of an order whose channel is told of such things, or None."""
    records = ChannelOrder.objects.select_related("connection", "order").filter(order=order_id)
    return records.filter(connection__tells_orders=True, connection__kind__in=TELLERS).first()


def _lines_of(record):
    order, lines = record.order, list(record.order.lines.priced())
    stock = ChannelStock.objects.filter(connection=record.connection_id, sku__in=[line.sku_id for line in lines])
    goods = {sku: ids for sku, *ids in stock.values_list("sku", "item_id", "parent_id")}
    return tuple(
        LineOut(
            line.sku_code,
            kept,
            quantise(line.unit_price * kept, order.currency),
            quantise(share(line, kept, line.quantity, currency=order.currency).net, order.currency),
            line.external_id,
            *goods.get(line.sku_id, ()),
        )
        for line in lines
        if (kept := line.quantity - line.cancelled)
    )


def _told(record):
    """Return Counter {their id of a line: pieces} that the channel knows or is to know to have left."""
    return _pieces(record.messages.shipments().values_list("data", flat=True))


def _beside(record, message):
    """Return what the channel has of an order's other parcels, as ShipmentOut says it of this shipment."""
    others = record.messages.told_shipments().exclude(pk=message.pk).values_list("data", flat=True)
    before, number = _pieces(others), message.data["number"]
    return {
        "before": {line: before[line] for line in message.data["lines"]},
        "is_shared": bool(number) and any(data["number"] == number for data in others),
    }


def _pieces(shipments):
    found = Counter()
    for data in shipments:
        found.update(data["lines"])
    return found


def _queue(record, kind, key, data, *, refund=None, wait=timedelta(0)):
    now = timezone.now()
    fields = {"connection_id": record.connection_id, "kind": kind, "data": data, "refund": refund}
    fields |= {"queued_at": now, "next_attempt_at": now + wait}
    ChannelMessage.objects.get_or_create(record=record, key=key, defaults=fields)
