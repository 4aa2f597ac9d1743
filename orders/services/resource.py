"""Sourcing open orders anew, all at once: proposed with what it would do, then applied group by group.

Orders that were sourced one after the other hold what suits each of them; together they can often do with less.
Who waits gets pieces before somebody of a lower class who has them. What is on the floor stays where it is.
"""

from collections import defaultdict

import numpy as np
from django.utils import timezone

from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import DomainError, Retry, Stale
from orders.models import Allocation, Gathering, Order, PromiseEvent, SourcingDecision
from orders.services import allocate, capacity, promise, states, supply
from orders.services.compete import contest, movable
from orders.services.proposal import Applied, Group, Move, Proposal
from orders.sourcing.chains import chains
from orders.sourcing.groups import NOWHERE
from orders.sourcing.milp import Unsolved
from orders.sourcing.plan import amount
from orders.sourcing.scarce import solve

Status = Allocation.Status
MOST_ORDERS = 2000


def choose_orders(*, location=None, sku=None, channel=None, most=MOST_ORDERS):
    """Return at most `most` open orders with movable pieces of `sku`, at `location`, of `channel`; first by priority.

    Without any of them: those that wait for pieces, and those that hold pieces of the same SKUs.
    """
    rows = movable()
    if location:
        rows = rows.filter(location=location)
    if sku:
        rows = rows.filter(sku=sku)
    if channel:
        rows = rows.filter(order__channel=channel)
    if not (location or sku or channel):
        rows = rows.filter(sku__in=movable().backordered().values("sku"))
    orders = Order.objects.filter(pk__in=rows.values("order")).select_related("channel")
    return list(orders.order_by("priority", "pk")[:most])


def propose(orders, *, seconds=None):
    """Return the Proposal for `orders`: it costs less than what is, or has no groups. Changes nothing.

    `seconds` is the processor time for the search, five for every thousand orders unless told. Raises DomainError
    where the solver gives up.
    """
    found = contest(orders)
    if found is None:
        return Proposal((), len(orders))
    try:
        site = solve(found.batch, start=found.site, seconds=seconds)
    except Unsolved as error:
        raise DomainError(f"No answer was found for these orders: choose fewer of them. ({error})") from error
    groups = tuple(_group(found, site, group) for group in chains(found.batch, found.site, site))
    return Proposal(groups, len(orders), tuple(found.left_out))


def apply(groups, *, actor="system"):
    """Carry out the `groups` of a proposal, each in a transaction of its own; returns what was Applied.

    A group of which anything changed since the proposal is left as it is, and said.
    """
    done, refused = 0, []
    for group in groups:
        try:
            done += apply_group(group, actor=actor)
        except DomainError as error:
            refused.append(error.message)
        except Retry:
            numbers = ", ".join(str(order) for order in Order.objects.filter(pk__in=group.before).order_by("pk"))
            refused.append(f"{numbers}: the pieces or the day's slots went to others meanwhile.")
    return Applied(done, tuple(refused))


def foresee(group):
    """Return {order id: (moment promised now, moment promised then)} of the orders of a Group; None: no day known."""
    orders = Order.objects.select_related("channel").in_bulk(group.before)
    targets = {move.allocation: move.target for move in group.moves}
    rows = Allocation.objects.open().filter(order__in=orders).select_related("sku").order_by("pk")
    found = {}
    for pk, some in _by_order(rows).items():
        for row in some:
            if row.pk in targets:
                row.location_id = targets[row.pk]
                row.status = Status.RESERVED if row.location_id else Status.BACKORDERED
                row.supply_location_id = row.supply_at = None
        supply.peg(orders[pk], [row for row in some if row.pk in targets], is_sure=False)
        found[pk] = orders[pk].promised_current, supply.foreseen(orders[pk], some, now=timezone.now())
    return found


@command
def apply_group(group, *, actor="system"):
    """Move the pieces of one Group and return how many orders that were; raises Stale when they changed meanwhile.

    All the orders are locked: what one gives up, another takes in the same transaction, so nobody else gets it in
    between, and nothing is given up when it fails. A second call raises Stale.
    """
    orders = {order.pk: order for order in Order.objects.lock_all(group.before)}
    rows = _expected(group, orders)
    supply.lock_skus({row.sku_id for row in rows.values()})
    freed = {pk: allocate.tracked(some) for pk, some in _by_order(rows.values()).items()}
    lost, got = _move(group, rows)
    for pk in sorted(orders):
        _tell(orders[pk], group, lost[pk], got[pk], actor=actor)
    taken = _by_order(row for row in rows.values() if row.status == Status.RESERVED)
    for pk, some in sorted(taken.items()):
        capacity.take(orders[pk], some, now=timezone.now())
    for pk, pieces in sorted(freed.items()):
        if pieces:
            stock.release(pieces, subject=orders[pk].subject, actor=actor)
    for pk, some in sorted(taken.items()):
        order = orders[pk]
        stock.reserve(allocate.tracked(some), subject=order.subject, keep=order.channel.buffer, actor=actor)
    return len(orders)


def _group(found, site, orders):
    new = np.where(np.isin(found.batch.order, orders), site, found.site)
    moves = [
        Move(
            order=row.order_id,
            allocation=row.pk,
            pieces=row.quantity,
            source=row.location_id,
            target=None if new[line] == NOWHERE else found.places[new[line]],
        )
        for line, row in enumerate(found.rows)
        if new[line] != found.site[line]
    ]
    before, after = found.spent(found.site), found.spent(new)
    ids = {i: found.orders[i].pk for i in orders}
    return Group(
        moves=tuple(moves),
        before={pk: amount(round(before[i])) for i, pk in ids.items()},
        after={pk: amount(round(after[i])) for i, pk in ids.items()},
        waited=int(found.missing(found.site)[orders].sum()),
        waiting=int(found.missing(new)[orders].sum()),
    )


def _expected(group, orders):
    """Return {pk: locked Allocation} of the moves; raises Stale when one is not as it was."""
    by_pk = {move.allocation: move for move in group.moves}
    gathered = Gathering.objects.places_of(orders)
    rows = Allocation.objects.filter(pk__in=by_pk).select_related("sku", "line").order_by("pk")
    rows = {row.pk: row for row in rows.select_for_update(of=("self",))}
    for pk, move in by_pk.items():
        row, order = rows.get(pk), orders.get(move.order)
        status = Status.BACKORDERED if move.source is None else Status.RESERVED
        if row is None or (row.status, row.location_id, row.quantity) != (status, move.source, move.pieces):
            raise Stale(f"Order {order or move.order} changed meanwhile: it stays as it is.")
        if order.pk in gathered:
            raise Stale(f"Order {order} is being gathered: it stays as it is.")
        if not order.is_open:
            raise Stale(f"Order {order} is {order.get_status_display()}: it stays as it is.")
    return rows


def _move(group, rows):
    """Move the allocations; returns ({order id: those that wait now}, {order id: those that waited})."""
    lost, got = defaultdict(list), defaultdict(list)
    for move in group.moves:
        row = rows[move.allocation]
        if row.status == Status.RESERVED:
            row.location_id = None
            row.move_to(Status.BACKORDERED)
        if move.target is None:
            lost[move.order].append(row)
            continue
        row.location_id = move.target
        row.move_to(Status.RESERVED)
        if move.source is None:
            got[move.order].append(row)
    return lost, got


def _tell(order, group, lost, got, *, actor):
    """Write down why, promise anew, and publish; the caller moves the stock."""
    SourcingDecision.objects.create(order=order, plans=_why(order, group))
    waits = Allocation.objects.backordered().filter(order=order).exists()
    restocked = got and not lost and not waits
    promise.move(order, PromiseEvent.Cause.RESTOCKED if restocked else PromiseEvent.Cause.RESOURCED)
    order.publish("order.resourced", actor=actor, orders=len(group.before))
    if lost:
        order.publish("order.backordered", actor=actor, allocations=[row.pk for row in lost])
    if got:
        order.publish("order.restocked", actor=actor, allocations=[row.pk for row in got])
    states.refresh(order)


def _why(order, group):
    """Return the decision in the shape of `Search.as_json`: what is now, and below it what was."""
    rows = list(Allocation.objects.filter(order=order, status__in=[Status.RESERVED, Status.BACKORDERED]))
    targets = {row.pk: row.location_id for row in rows}
    sources = targets | {move.allocation: move.source for move in group.moves if move.order == order.pk}
    plans = [
        _plan(rows, targets, group.after[order.pk]),
        _plan(rows, sources, group.before[order.pk]),
    ]
    return {"plans": plans, "excluded": {}, "considered": len(plans), "together": len(group.before)}


def _plan(rows, places, cost):
    known = allocate.network()
    codes = sorted({known.place(places[row.pk]).code for row in rows if places[row.pk]})
    missing = sum(row.quantity for row in rows if not places[row.pk])
    return {"locations": codes, "parcels": len(codes), "missing": missing, "cost": str(cost), "terms": {}}


def _by_order(rows):
    by_order = defaultdict(list)
    for row in rows:
        by_order[row.order_id].append(row)
    return by_order
