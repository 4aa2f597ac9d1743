"""Scans that were refused, kept so that errors can be traced to bin, item and person."""

from fulfilment.models import FulfilmentOrder, PickTask, RefusedScan
from inventory.services.scan import read
from oms.lib.commands import command
from oms.lib.errors import Invalid, NotFound
from oms.lib.text import is_clean
from orders.models import Order

Kind = RefusedScan.Kind


def refuse(task, kind, code, words, *, actor):
    """Note that `code` was scanned for a pick and raise Invalid with `words`; nothing at all is no scan."""
    note(task, kind, code, actor=actor)
    raise Invalid(words)


@command
def note(task, kind, code, *, at=None, actor):
    """Note one refused scan of a pick task; returns its row, or None for nothing, or what no scanner reads.

    `at` is when a device made it that tells so later, and perhaps more than once: that moment counts once.
    """
    work = task.fulfilment_line.fulfilment_order
    if not code.strip() or not is_clean(code):
        return None
    fields = {
        "location_id": work.location_id,
        "kind": kind,
        "fulfilment_order": work,
        "sku_id": task.sku_id,
        "bin_id": task.bin_id,
        "code": code.strip()[:48],
        "scanned_by": actor,
    }
    if at is None:
        return RefusedScan.objects.create(**fields)
    Order.objects.lock(work.order_id)  # the same, sent twice at once, comes one after the other
    return RefusedScan.objects.get_or_create(at=at, **fields)[0]


@command
def note_in_tote(fulfilment_order_id, code, *, actor):
    """Note that the packer found something in a tote that does not belong to its order; None when it does.

    It was picked where the same list has it for another order, else by whoever picked this one, if one did.
    """
    work = FulfilmentOrder.objects.filter(pk=fulfilment_order_id).first()
    try:
        sku, _ = read(code)
    except NotFound:
        return None
    if work is None or work.lines.filter(sku=sku).exists():
        return None
    meant = PickTask.objects.filter(pick_list=work.pick_list_id, sku=sku, picked__gt=0).first()
    return RefusedScan.objects.create(
        location_id=work.location_id,
        kind=Kind.PACKED,
        fulfilment_order=work,
        sku=sku,
        bin_id=meant.bin_id if meant else None,
        code=code.strip()[:48],
        scanned_by=actor,
        picked_by=meant.done_by if meant else _picker_of(work),
    )


def _picker_of(work):
    """Return the one who picked all of it, or "" when it was none or several."""
    rows = PickTask.objects.filter(fulfilment_line__fulfilment_order=work).exclude(done_by="")
    found = set(rows.order_by().values_list("done_by", flat=True).distinct())
    return found.pop() if len(found) == 1 else ""
