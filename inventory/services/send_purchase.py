"""Sending a purchase order: from now on its pieces are on their way, and can be promised."""

from datetime import timedelta

from django.utils import timezone, translation

from inventory.documents.purchase_order import render
from inventory.models import PurchaseLine, PurchaseOrder, SupplierSku
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.papers.services.queue_message import queue_message
from oms.papers.services.request_document import request_document

Status = PurchaseOrder.Status


@command
def send(order_id, *, by_hand=False, actor):
    """Send an approved order to its supplier, by e-mail and API, or note that it was sent `by_hand`.

    Each line is expected by the late lead time (p90) from today on. The PDF and the e-mail are made by
    workers. Sent already: nothing happens. Raises Invalid when nobody would hear of it.
    """
    order = PurchaseOrder.objects.lock(order_id)
    if order.status == Status.SENT:
        return order
    if not by_hand and not order.supplier.email and not order.supplier.partner_id:
        raise Invalid(
            f"{order.supplier} has no e-mail: enter it with the supplier, or send the order by hand.", field="by_hand"
        )
    order.move_to(Status.SENT)
    _expect(order)
    order.publish("purchase.sent", actor=actor, by_hand=by_hand)
    return order


@command
def paper(order_id, *, actor=""):
    """Return the Document of a purchase order, asked for when there is none yet."""
    order = PurchaseOrder.objects.lock(order_id)
    return request_document(
        "purchase_order",
        order.subject,
        order.pk,
        title=f"Purchase order {order}",
        language=order.supplier.language,
        actor=actor,
    )


@command
def print_and_mail(order_id, *, by_hand=False):
    """Have the PDF of a sent order made and, unless it went by hand, the e-mail with it sent; once."""
    order = PurchaseOrder.objects.lock(order_id)
    paper(order_id)
    if not by_hand and order.supplier.email:
        queue_message(
            "purchase_order", order.subject, order.pk, to=order.supplier.email, language=order.supplier.language
        )


def preview(order):
    """Return the PDF bytes of an order that was not sent, as it is now; nothing is kept."""
    with translation.override(order.supplier.language):
        return render(order.pk).content


def _expect(order):
    listed = SupplierSku.objects.with_prices().filter(supplier=order.supplier_id)
    days = {row.sku_id: row.lead_days_late for row in listed}
    lines = list(order.lines.all())
    for line in lines:
        late = days.get(line.sku_id, order.supplier.lead_days_late)
        line.expected_on = timezone.localdate() + timedelta(days=late)
    PurchaseLine.objects.bulk_update(lines, ["expected_on"])
