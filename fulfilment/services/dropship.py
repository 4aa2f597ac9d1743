"""Requests to suppliers who send to our customers: asked by e-mail, reminded, and CS is told of silence."""

from datetime import timedelta

from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services.claim import claim
from inventory.models import Location, Supplier
from oms.lib.commands import command
from oms.papers.services.queue_message import queue_message
from oms.papers.services.request_document import request_document
from orders.models import Order

Status = FulfilmentOrder.Status
MOST_AT_ONCE = 500


@command
def ask(fulfilment_order_id, *, kind="dropship_request", actor):
    """Have the request made as PDF and mailed to the supplier of its location; each kind once.

    Where the location is no supplier's, or that has no e-mail, its API shows the work all the same.
    """
    order_id = FulfilmentOrder.objects.values_list("order", flat=True).get(pk=fulfilment_order_id)
    order = Order.objects.lock(order_id)
    row = FulfilmentOrder.objects.lock(fulfilment_order_id)
    supplier = Supplier.objects.filter(location=row.location_id).first()
    if supplier is None or row.status != Status.RELEASED:
        return
    common = {"language": supplier.language}
    request_document("dropship_request", order.subject, row.pk, title=f"Request {row}", actor=actor, **common)
    if supplier.email:
        queue_message(kind, order.subject, row.pk, to=supplier.email, **common)


def escalate_due():
    """Tell CS of requests nobody took on within their location's `answer_hours`; run by the schedule.

    Returns how many. Each is told of once.
    """
    now = timezone.now()
    pks = []
    for place in Location.objects.filter(kind=Location.Kind.SUPPLIER):
        late = now - timedelta(hours=place.answer_hours)
        waiting = FulfilmentOrder.objects.filter(location=place, status=Status.RELEASED, silent_at=None)
        pks += waiting.filter(touched_at__lt=late).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    return sum(_escalate(pk) for pk in pks)


@command
def _escalate(fulfilment_order_id):
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status != Status.RELEASED or row.silent_at:
        return False
    row.silent_at = timezone.now()
    row.save(update_fields=["silent_at"])
    work.order.publish("order.supplier_silent", actor="system", fulfilment_order=row.pk)
    return True
