"""Ending a purchase order of which not all comes."""

from inventory.models import PurchaseOrder, ReceiptLine
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text
from oms.papers.services.queue_message import queue_message

Status = PurchaseOrder.Status


@command
def close_short(order_id, *, reason, actor):
    """Wait no longer for what has not come; it is not inbound from now on. Closed already: nothing happens.

    Raises Invalid without a reason, InvalidTransition where nothing was sent.
    """
    return _end(order_id, Status.CLOSED_SHORT, "purchase.closed_short", reason, actor)


@command
def cancel(order_id, *, reason, actor):
    """Give an order up of which nothing came. A cancelled one stays cancelled.

    The supplier of one that was sent is told by e-mail. Raises InvalidTransition when pieces came:
    close it short then.
    """
    order = PurchaseOrder.objects.lock(order_id)
    if ReceiptLine.objects.filter(receipt__order=order).exists():
        raise InvalidTransition(f"Pieces of purchase order {order} came: close it short instead.")
    return _end(order_id, Status.CANCELLED, "purchase.cancelled", reason, actor)


def _end(order_id, status, event, reason, actor):
    order = PurchaseOrder.objects.lock(order_id)
    if order.status == status:
        return order
    reason = check_text(reason, max_length=200, field="reason")
    if not reason:
        raise Invalid("Say why.", field="reason")
    skus = sorted(line.sku_id for line in order.lines.all() if line.open) if order.is_underway else []
    was_sent = order.sent_at is not None
    order.end_reason = reason
    order.move_to(status)
    order.publish(event, actor=actor, skus=skus, was_sent=was_sent)
    return order


@command
def mail_cancelled(order_id):
    """Have the supplier told that an order it has is cancelled; once, and only where it has an e-mail."""
    order = PurchaseOrder.objects.lock(order_id)
    supplier = order.supplier
    if supplier.email:
        queue_message("purchase_cancelled", order.subject, order.pk, to=supplier.email, language=supplier.language)
