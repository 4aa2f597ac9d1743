"""Releasing work to the floor: one walk for one or many orders, from bins that nobody else plans with."""

import logging
from dataclasses import dataclass, field

from django.db import transaction

from fulfilment.models import FulfilmentOrder, PickList, PickTask, WaveOrder
from fulfilment.services.advance import finish_list, tell_wave
from fulfilment.services.claim import claim, claim_all, drop_lost
from fulfilment.services.floor_plan import floor_of
from fulfilment.services.plan_bins import Spot, free_bins, plan
from fulfilment.services.walk_order import in_walking_order, measure, nearer_first
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.outbox.publish import publish
from oms.papers.services.request_document import request_document
from orders.models import Order
from orders.services import progress

logger = logging.getLogger(__name__)

Status = FulfilmentOrder.Status
MOST_ORDERS = 50  # totes on a cart, and orders whose locks one command may hold


@dataclass
class Released:
    """The list that was made, if any, {fulfilment order: why it is not on it}, and the lists of its further zones."""

    pick_list: PickList | None
    skipped: dict = field(default_factory=dict)
    later: list = field(default_factory=list)


@command
def release(fulfilment_order_ids, *, picker=None, by_zone=False, actor):
    """Make one pick list of the work chosen and return Released; all of one location, at most 50 orders.

    `by_zone` makes one for each zone that their bins lie in; it takes over the totes of the zone before.
    What is held, released already, or not in any bin is left out, with the reason. Raises
    InvalidTransition when nothing is left, so a second call makes no second list.
    """
    released = make_list(fulfilment_order_ids, picker=picker, by_zone=by_zone, actor=actor)
    if released.pick_list is None:
        reasons = "; ".join(released.skipped.values()) or "choose at least one order."
        raise InvalidTransition(f"Nothing to pick: {reasons}")
    return released


def make_list(fulfilment_order_ids, *, picker=None, by_zone=False, actor, wave=None, cart=None):
    """Make one pick list of what can be released of the work, for a cart of a wave where given; return Released.

    Its list is None when nothing can.
    """
    works, skipped = _claim(fulfilment_order_ids, actor)
    floor = floor_of(works[0].location) if works else None
    works, tasks = _planned(works, skipped, floor)
    if not works:
        return Released(None, skipped)
    on_cart = {"wave": wave, "cart": cart} | _cart_fields(wave, cart) if wave else {}
    lists = _make_lists(works[0].location, tasks if by_zone else (), created_by=actor, picker=picker, **on_cart)
    for tote, work in enumerate(works, start=1):
        _to_floor(work, lists[0], tote, actor)
    for pick_list in lists:
        _write_tasks(pick_list, [task for task in tasks if not by_zone or _zone(task) == pick_list.zone], floor)
        _announce(pick_list, actor)
    return Released(lists[0], skipped, lists[1:])


@command
def assign_picker(pick_list_id, picker):
    """Give a list to `picker` (None: to whoever takes it); the picks made stay made. InvalidTransition once done."""
    pick_list = PickList.objects.lock(pick_list_id)
    pick_list.check_open()
    pick_list.picker = picker
    pick_list.save(update_fields=["picker"])
    return pick_list


@command
def withdraw(pick_list_id, *, actor):
    """Take the work of which nothing is picked off a list, back to the board; returns how many orders.

    What was begun stays on the list, and so does one that cannot go back: the log says why. Lists of zones that share
    their totes give it back together. A second call finds nothing left to take.
    """
    pick_list_id = PickList.objects.get(pk=pick_list_id).first_pk
    rows = FulfilmentOrder.objects.filter(pick_list=pick_list_id, status=Status.RELEASED)
    works = [claim(pk) for pk in rows.order_by("order_id").values_list("pk", flat=True)]
    taken = 0
    for work in works:
        if work.fulfilment_order.status == Status.RELEASED and not work.is_stopped:
            taken += _try_back(work, actor)
    for pick_list in PickList.objects.lock_all_of(pick_list_id):
        if not pick_list.tasks.exists() and pick_list.status in (PickList.Status.OPEN, PickList.Status.PICKING):
            pick_list.move_to(PickList.Status.CANCELLED)
            tell_wave(pick_list)
        elif taken:
            measure(pick_list)
    finish_list(pick_list_id)
    return taken


def _cart_fields(wave, cart):
    """Return how a wave's list is picked, by the rule that it was released by, and how far its walk was planned."""
    metres = wave.figures.get("cart_metres", [])
    return {
        "mode": wave.rule.get("mode", PickList.Mode.CLUSTER),
        "verifies_totes": wave.rule.get("verifies_totes", False),
        "metres": metres[cart - 1] if cart <= len(metres) else None,
    }


def _make_lists(location, tasks, *, picker, **fields):
    """Return a new PickList for each zone of `tasks`, in their order; without tasks one for any zone."""
    zones = sorted({_zone(task) for task in tasks}) or [""]
    lists = []
    for zone in zones:
        first = lists[0] if lists else None
        of_zone = picker if first is None else None
        lists.append(PickList.objects.create(location=location, picker=of_zone, zone=zone, first=first, **fields))
    return lists


def _zone(task):
    return task[2].bin.zone if task[2].bin else ""


def _announce(pick_list, actor):
    subject = f"pick_list:{pick_list.pk}"
    request_document("pick_list", subject, pick_list.pk, title=f"Pick list {pick_list}", actor=actor)
    publish("pick_list.released", subject, actor=actor, pick_list=pick_list.pk)


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


def _planned(works, skipped, floor):
    """Return (the works that bins can serve, [(line, sku id, bin, pieces)]); the others join `skipped`."""
    if not works:
        return [], []
    location = works[0].location
    lines = [(line, line.sku_id, line.wanted) for work in works for line in work.lines]
    if not location.tracks_stock:
        return works, [(line, sku_id, Spot(), pieces) for line, sku_id, pieces in lines]
    free = free_bins(location, {sku_id for _, sku_id, _ in lines})
    if floor:
        free = nearer_first(floor, lines, free)
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


def _write_tasks(pick_list, tasks, floor):
    """Number the tasks as one walks, and note how far that is."""
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
            for number, (line, sku_id, spot, pieces) in enumerate(in_walking_order(floor, tasks), start=1)
        ]
    )
    if floor:
        measure(pick_list, floor)


def _try_back(work, actor):
    """Return whether the work went back; the others do not wait for one that cannot."""
    try:
        with transaction.atomic():
            _back(work, actor)
    except DomainError as error:
        logger.warning("Order %s cannot leave its pick list: %s", work.order, error.message)
        return False
    return True


def _back(work, actor):
    PickTask.objects.filter(fulfilment_line__in=work.lines).delete()
    wanted = [line for line in work.lines if line.wanted]
    # The pieces of the others were cancelled, or promised anew from elsewhere: they are this work's no more.
    for line in work.lines:
        if not line.wanted:
            line.delete()
    progress.back_from_floor(work.order, [(line.allocation, line.allocation.quantity) for line in wanted])
    row = work.fulfilment_order
    row.pick_list = row.tote = None
    row.save(update_fields=["pick_list", "tote"])
    _leave_wave(row)
    row.move_to(Status.OPEN, order=work.order, actor=actor)


def _leave_wave(row):
    """The wave that put the work on its list has it no more."""
    on_list = WaveOrder.objects.filter(fulfilment_order=row, state=WaveOrder.State.RELEASED)
    on_list.update(state=WaveOrder.State.BACK, pick_list=None)
