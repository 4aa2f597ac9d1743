"""Releasing work to the floor: one walk for one or many orders, from bins that nobody else plans with."""

from dataclasses import dataclass, field

from fulfilment.models import FulfilmentOrder, PickList, PickTask, WaveOrder
from fulfilment.services.advance import tell_wave
from fulfilment.services.claim import claim, claim_all
from fulfilment.services.open_orders import drop_lost
from fulfilment.services.plan_bins import Spot, free_bins, plan
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish
from oms.papers.services.request_document import request_document
from orders.models import Order
from orders.services import progress

Status = FulfilmentOrder.Status
MOST_ORDERS = 50  # totes on a cart, and orders whose locks one command may hold


@dataclass
class Released:
    """The pick list that was made, if any, and {fulfilment order: why it is not on it}."""

    pick_list: PickList | None
    skipped: dict = field(default_factory=dict)


@command
def release(fulfilment_order_ids, *, picker=None, actor):
    """Make one pick list of the work chosen and return Released; all of one location, at most 50 orders.

    What is held, released already, or not in any bin is left out, with the reason. Raises
    InvalidTransition when nothing is left, so a second call makes no second list.
    """
    released = make_list(fulfilment_order_ids, picker=picker, actor=actor)
    if released.pick_list is None:
        reasons = "; ".join(released.skipped.values()) or "choose at least one order."
        raise InvalidTransition(f"Nothing to pick: {reasons}")
    return released


def make_list(fulfilment_order_ids, *, picker=None, actor, wave=None, cart=None):
    """Make one pick list of what can be released of the work, for a cart of a wave where given; return Released.

    Its list is None when nothing can.
    """
    works, skipped = _claim(fulfilment_order_ids, actor)
    works, tasks = _planned(works, skipped)
    if not works:
        return Released(None, skipped)
    on_cart = {"wave": wave, "cart": cart} | (_cart_fields(wave, cart) if wave else {})
    pick_list = PickList.objects.create(location=works[0].location, picker=picker, created_by=actor, **on_cart)
    for tote, work in enumerate(works, start=1):
        _to_floor(work, pick_list, tote, actor)
    _write_tasks(pick_list, tasks)
    request_document(
        "pick_list", f"pick_list:{pick_list.pk}", pick_list.pk, title=f"Pick list {pick_list}", actor=actor
    )
    publish("pick_list.released", f"pick_list:{pick_list.pk}", actor=actor, pick_list=pick_list.pk)
    return Released(pick_list, skipped)


@command
def assign_picker(pick_list_id, picker):
    """Give a list to `picker` (None: to whoever takes it); the picks made stay made."""
    pick_list = PickList.objects.lock(pick_list_id)
    pick_list.picker = picker
    pick_list.save(update_fields=["picker"])
    return pick_list


@command
def withdraw(pick_list_id, *, actor):
    """Take the work of which nothing is picked off a list, back to the board; returns how many orders.

    What was begun stays on the list. A second call finds nothing left to take.
    """
    rows = FulfilmentOrder.objects.filter(pick_list=pick_list_id, status=Status.RELEASED)
    works = [claim(pk) for pk in rows.order_by("order_id").values_list("pk", flat=True)]
    taken = 0
    for work in works:
        if work.fulfilment_order.status == Status.RELEASED and not work.is_stopped:
            _back(work, actor)
            taken += 1
    pick_list = PickList.objects.lock(pick_list_id)
    is_empty = not pick_list.fulfilment_orders.exists()
    if is_empty and pick_list.status != PickList.Status.CANCELLED:
        pick_list.move_to(PickList.Status.CANCELLED)
        tell_wave(pick_list)
    return taken


def _cart_fields(wave, cart):
    """Return how a wave's list is picked, by the rule that it was released by, and how far its walk was planned."""
    metres = wave.figures.get("cart_metres", [])
    return {
        "mode": wave.rule.get("mode", PickList.Mode.CLUSTER),
        "verifies_totes": wave.rule.get("verifies_totes", False),
        "metres": metres[cart - 1] if cart <= len(metres) else None,
    }


def _claim(ids, actor):
    rows = list(FulfilmentOrder.objects.filter(pk__in=ids).order_by("order_id", "pk"))
    if len(rows) > MOST_ORDERS:
        raise Invalid(f"At most {MOST_ORDERS} orders fit on one list; {len(rows)} are chosen.", field="orders")
    if len({row.location_id for row in rows}) > 1:
        raise Invalid("One list is one walk: choose orders of one location.", field="location")
    works, skipped = [], {}
    for order_id in dict.fromkeys(row.order_id for row in rows):
        wanted = {row.pk for row in rows if row.order_id == order_id}
        for work in claim_all(order_id)[2]:
            if work.fulfilment_order.pk in wanted:
                if work.fulfilment_order.status == Status.OPEN:
                    drop_lost(work, actor)
                reason = _why_not(work)
                works += [] if reason else [work]
                skipped |= {work.fulfilment_order: reason} if reason else {}
    # The most urgent get the nearest bins when there is not enough for all.
    works.sort(key=lambda work: (work.fulfilment_order.priority, work.fulfilment_order.ship_by, work.order.pk))
    return works, skipped


def _why_not(work):
    if work.fulfilment_order.status != Status.OPEN:
        return f"Order {work.order} is {work.fulfilment_order.state} already"
    if work.order.is_held:
        return f"Order {work.order} is on hold"
    if work.order.status != Order.Status.CONFIRMED:
        return f"Order {work.order} is {work.order.get_status_display().lower()}"
    return ""


def _planned(works, skipped):
    """Return (the works that bins can serve, [(line, sku id, bin, pieces)]); the others join `skipped`."""
    if not works:
        return [], []
    location = works[0].location
    lines = [(line, line.sku_id, line.wanted) for work in works for line in work.lines]
    if not location.tracks_stock:
        return works, [(line, sku_id, Spot(), pieces) for line, sku_id, pieces in lines]
    free = free_bins(location, {sku_id for _, sku_id, _ in lines})
    tasks, missing = plan(lines, free)
    served = []
    for work in works:
        short = [line for line in work.lines if line in missing]
        if short:
            lacking = f"{missing[short[0]]} × {short[0].sku}"
            text = f"Order {work.order}: {lacking} are in no bin; count, put away or refill first"
            skipped[work.fulfilment_order] = text
        else:
            served.append(work)
    kept = {line for work in served for line in work.lines}
    return served, [task for task in tasks if task[0] in kept]


def _to_floor(work, pick_list, tote, actor):
    row = work.fulfilment_order
    row.pick_list, row.tote = pick_list, tote
    row.save(update_fields=["pick_list", "tote"])
    progress.to_floor(work.order, [(line.allocation, line.allocation.quantity) for line in work.lines])
    row.move_to(Status.RELEASED, order=work.order, actor=actor, pick_list=pick_list.pk)


def _write_tasks(pick_list, tasks):
    """Number the tasks as one walks: by bin in natural order, then SKU, then tote."""

    def place(task):
        line, sku_id, spot, _ = task
        return (spot.bin.sort_key if spot.bin else "", sku_id, line.fulfilment_order.tote)

    PickTask.objects.bulk_create(
        [
            PickTask(
                pick_list=pick_list,
                fulfilment_line=line,
                sku_id=sku_id,
                bin=spot.bin,
                lot=spot.lot,
                quantity=pieces,
                sequence=number * 10,
            )
            for number, (line, sku_id, spot, pieces) in enumerate(sorted(tasks, key=place), start=1)
        ]
    )


def _back(work, actor):
    PickTask.objects.filter(fulfilment_line__in=work.lines).delete()
    progress.back_from_floor(work.order, [(line.allocation, line.allocation.quantity) for line in work.lines])
    row = work.fulfilment_order
    row.pick_list = row.tote = None
    row.save(update_fields=["pick_list", "tote"])
    _leave_wave(row)
    row.move_to(Status.OPEN, order=work.order, actor=actor)


def _leave_wave(row):
    """The wave that put the work on its list has it no more."""
    on_list = WaveOrder.objects.filter(fulfilment_order=row, state=WaveOrder.State.RELEASED)
    on_list.update(state=WaveOrder.State.BACK, pick_list=None)
