"""When a part leaves: the rest goes on in a fulfilment order of its own."""

from django.utils import timezone

from fulfilment.models import FulfilmentLine, FulfilmentOrder, Parcel, ParcelLine, PickTask
from orders.models import Allocation
from orders.services import progress

Status = FulfilmentOrder.Status


def split_off(work, going, parcels, *, actor):
    """Leave in `work` only `going` ({line pk: pieces}) in `parcels`; the rest moves to a new fulfilment order.

    Returns that, or None when nothing is left over. Open pick tasks and other parcels go with the rest, which is
    PACKED when all of it lies in closed ones.
    """
    rest = [line for line in work.lines if line.wanted > going.get(line.pk, 0)]
    if not rest:
        return None
    old = work.fulfilment_order
    others = old.parcels.exclude(pk__in=[parcel.pk for parcel in parcels])
    new = FulfilmentOrder.objects.create(
        order=work.order,
        location=work.location,
        method=old.method,
        status=Status.PACKED if _is_packed(rest, others) else Status.PICKING,
        ship_by=old.ship_by,
        priority=old.priority,
        pick_list_id=old.pick_list_id,
        tote=old.tote,
        picked_at=None if any(line.to_pick for line in rest) else timezone.now(),
        notes_read_at=old.notes_read_at,
    )
    work.order.publish(
        "fulfilment.split", actor=actor, fulfilment_order=new.pk, was="", now=str(new.status), split_from=old.pk
    )
    others.update(fulfilment_order=new)
    for line in rest:
        goes = going.get(line.pk, 0)
        if goes:
            _part(work, line, goes, new, parcels)
        else:
            line.fulfilment_order = new
            line.save(update_fields=["fulfilment_order"])
    work.lines = [line for line in work.lines if line.fulfilment_order_id == old.pk]
    return new


def _is_packed(rest, parcels):
    all_packed = all(line.packed == line.wanted for line in rest)
    return all_packed and not parcels.filter(status=Parcel.Status.PACKING).exists()


def _part(work, line, goes, new, parcels):
    """Split a line, and its allocation: `goes` pieces stay in the work that leaves, the others move."""
    stays = line.wanted - goes
    rest = FulfilmentLine.objects.create(
        fulfilment_order=new,
        allocation=line.allocation,
        order_line_id=line.order_line_id,
        sku_id=line.sku_id,
        quantity=stays,
        picked=line.picked - goes,
        packed=line.packed - goes,
    )
    line.allocation = _picked(work.order, line.allocation, goes)
    line.quantity -= stays
    line.picked = line.packed = goes
    line.save(update_fields=["quantity", "picked", "packed", "allocation"])
    PickTask.objects.open().filter(fulfilment_line=line).update(fulfilment_line=rest)
    ParcelLine.objects.filter(fulfilment_line=line).exclude(parcel__in=parcels).update(fulfilment_line=rest)


def _picked(order, allocation, pieces):
    """Return `pieces` of an allocation as a row of their own that is PICKED."""
    if allocation.status == Allocation.Status.PICKED:
        return allocation.split(pieces)
    return progress.pick(order, [(allocation, pieces)])[0]
