"""Turning what orders promise into work: one open fulfilment order per location, kept in step with them."""

from collections import defaultdict

from django.utils import timezone

from fulfilment.models import FulfilmentLine, FulfilmentOrder
from fulfilment.services import assign, digital
from fulfilment.services.claim import Work, claim_all, drop_lost, lines_of
from inventory.models import Location
from oms.lib.commands import command
from orders.models import Allocation, Order
from orders.services.network import cutoff_after

Status = FulfilmentOrder.Status
Method = FulfilmentOrder.Method


@command
def follow(order_id, *, actor="system"):
    """Bring the fulfilment orders of an order in step with its allocations; a second call does nothing.

    RESERVED pieces of a confirmed order are in an OPEN fulfilment order of their location; what was
    freed, moved or backordered meanwhile is taken out. Pieces on the floor change only by the floor's
    own services. A 3PL or supplier is assigned its work at once,
    downloads are delivered at once, unless the order is held.
    """
    order, allocations, works = claim_all(order_id)
    for work in works:
        if work.fulfilment_order.status == Status.OPEN:
            drop_lost(work, actor)
    waiting = _waiting(order, allocations, works)
    for location_id, rows in waiting.items():
        _open(order, location_id, rows, works, actor)
    if order.status == Order.Status.CONFIRMED and not order.is_held:
        _start_by_itself(works, actor)


@command
def close(order_id, *, actor="system"):
    """Close the shipped work of an order that is closed; a second call finds none."""
    order, _, works = claim_all(order_id)
    for work in works:
        if order.status == Order.Status.CLOSED and work.fulfilment_order.status == Status.SHIPPED:
            work.fulfilment_order.move_to(Status.CLOSED, order=order, actor=actor)


def _waiting(order, allocations, works):
    """Return {location id: [RESERVED allocations that are in no open work]} of a confirmed order."""
    if order.status != Order.Status.CONFIRMED:
        return {}
    known = {line.allocation_id for work in works if work.fulfilment_order.status == Status.OPEN for line in work.lines}
    waiting = defaultdict(list)
    for row in allocations:
        if row.status == Allocation.Status.RESERVED and row.pk not in known:
            waiting[row.location_id].append(row)
    return waiting


def _open(order, location_id, rows, works, actor):
    """Put `rows` into the open work of their location, made when there is none."""
    work = next((w for w in works if w.location.pk == location_id and w.fulfilment_order.status == Status.OPEN), None)
    if work is None:
        work = Work(order, _create(order, Location.objects.get(pk=location_id)), [])
        works.append(work)
        order.publish("fulfilment.open", actor=actor, fulfilment_order=work.fulfilment_order.pk, was="", now="open")
    FulfilmentLine.objects.bulk_create(
        [
            FulfilmentLine(
                fulfilment_order=work.fulfilment_order,
                allocation=row,
                order_line_id=row.line_id,
                sku_id=row.sku_id,
                quantity=row.quantity,
            )
            for row in rows
        ]
    )
    by_pk = {line.allocation_id: line.allocation for line in work.lines} | {row.pk: row for row in rows}
    work.lines = lines_of(work.fulfilment_order, by_pk)


def _create(order, location):
    return FulfilmentOrder.objects.create(
        order=order,
        location=location,
        method=_method(order, location),
        priority=order.priority,
        ship_by=cutoff_after(location, timezone.now()),
    )


def _method(order, location):
    if location.kind == Location.Kind.DIGITAL:
        return Method.DIGITAL
    if location.kind == Location.Kind.SUPPLIER:
        return Method.DROPSHIP
    is_collected = order.method == Order.Method.PICKUP and order.pickup_location_id == location.pk
    return Method.PICKUP if is_collected else Method.SHIP


def _start_by_itself(works, actor):
    for work in works:
        if work.fulfilment_order.status != Status.OPEN:
            continue
        if work.fulfilment_order.method == Method.DIGITAL:
            digital.deliver(work, actor=actor)
        elif work.fulfilment_order.is_third_party:
            assign.assign(work, actor=actor)
