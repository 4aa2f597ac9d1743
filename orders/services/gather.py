"""Bringing an order's pieces of several locations to one of them, to leave in one parcel, where that costs less.

The pieces that are elsewhere go along with a transfer, and the order waits for them as for other goods that are on
their way, promised out of that transfer; a hold keeps back what is there. Ended by `end_gathering`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from inventory.models import Sku, StockLevel
from inventory.services import draft_transfer, stock
from orders.models import Allocation, Gathering, Hold, PromiseEvent, SourcingDecision
from orders.services import allocate, promise, states, supply
from orders.services.eligible import eligible
from orders.services.network import arrival_from, network, strategy_of
from orders.services.place_hold import place_on
from orders.sourcing.gather import Gathered, Route, gathered
from orders.sourcing.plan import amount, units

Status = Allocation.Status


@dataclass(frozen=True)
class _Way:
    """What goes along from one location: allocations, and the day it comes and the moment it is on the shelf."""

    rows: list
    day: date
    ready_at: datetime


def gather(order, *, actor):
    """Gather a locked order that was just confirmed, where its strategy says so, it pays and it comes in time.

    Returns the Gathering, or None: of pieces of one location, of an order that misses some or lives on safety
    stock, or once it was gathered already. Reserves stock, so it comes last.
    """
    if not strategy_of(order.channel).gathers or Gathering.objects.filter(order=order).exists():
        return None
    rows = Allocation.objects.open().filter(order=order).select_related("sku").order_by("pk")
    rows = [row for row in rows.select_for_update(of=("self",)) if row.sku.kind == Sku.Kind.PHYSICAL]
    if len({row.location_id for row in rows}) < 2 or not all(_is_movable(row) for row in rows):
        return None
    levels = StockLevel.objects.with_available().filter(sku__in=[row.sku_id for row in rows])
    free = {(sku_id, place): n for sku_id, place, n in levels.values_list("sku_id", "location_id", "available")}
    # Where safety stock is eaten into already, a transfer would not get the pieces that the order gives back.
    if any(free.get(row.level, 0) < 0 for row in rows):
        return None
    found, ways = _best(order, rows, free)
    return _apply(order, found, ways[found.site.id], actor) if found else None


def _is_movable(row):
    return row.status == Status.RESERVED and network().place(row.location_id).tracks_stock


def _best(order, rows, free):
    """Return (the Gathered that pays or None, {target id: {source id: _Way}}); `free` {level: available pieces}."""
    now, by_place = timezone.now(), defaultdict(list)
    for row in rows:
        by_place[row.location_id].append(row)
    able = eligible(order, has_hazmat=any(row.sku.is_hazmat for row in rows))
    full = allocate.AS_IT_IS.full(order, [place for place, _ in able.places.values()], now=now)
    sources = {pk: allocate.site_of(*able.places[pk]) for pk in by_place if pk in able.places}
    targets, ways = {}, {}
    for pk, (place, lane) in able.places.items():
        if place.tracks_stock and pk not in full and pk not in able.barred:
            ways[pk] = {source: _way(source, pk, some, now) for source, some in by_place.items() if source != pk}
            if all(ways[pk].values()) and _gets_all(order, pk, rows, free):
                targets[pk] = allocate.site_of(place, lane, late_days=_late_days(order, place, lane, ways[pk], now))
    if len(sources) < len(by_place) or not targets:  # one of them may not serve it any more: as it is sourced
        return None, ways
    grams = {pk: sum(row.quantity * row.sku.weight_g for row in some) for pk, some in by_place.items()}
    routes = {key: Route(units(route.base), units(route.per_kg)) for key, route in network().routes.items()}
    return gathered(grams, sources, targets, routes, strategy_of(order.channel).objective), ways


def _gets_all(order, target_id, rows, free):
    """Say whether all that comes to a target is the order's: safety stock and the channel's buffer are filled first."""
    coming = [row.sku_id for row in rows if row.location_id != target_id]
    return all(free.get((sku_id, target_id), 0) >= order.channel.buffer for sku_id in coming)


def _way(source_id, target_id, rows, now):
    """Return the _Way of `rows` from a location to another, or None where no route leads there."""
    route, place = network().routes.get((source_id, target_id)), network().place(source_id)
    if route is None:
        return None
    day = arrival_from(place, now, route.transit_days).date()
    return _Way(rows, day, supply.on_shelf(target_id, day))


def _late_days(order, place, lane, ways, now):
    """Return by how many days the order misses its promise when it leaves from `place` with all that comes there."""
    ready = max([now, *(way.ready_at for way in ways.values())])
    arrives = arrival_from(place, ready, lane.transit_days if lane else 0)
    due = order.promised_current
    return max(0, (arrives.date() - due.astimezone(arrives.tzinfo).date()).days) if due else 0


def _apply(order, found: Gathered, ways, actor):
    target = network().place(found.site.id)
    gathering = Gathering.objects.create(order=order, location=target, saves=amount(found.saves))
    supply.lock_skus({row.sku_id for way in ways.values() for row in way.rows})
    for source_id in sorted(ways):
        gathering.transfers.add(_send_along(order, network().place(source_id), target, ways[source_id], actor))
    codes = ", ".join(sorted(network().place(pk).code for pk in ways))
    reason = f"Leaves {target.code} in one parcel, by itself, once the pieces from {codes} are there."
    place_on(order, Hold.Kind.GATHERING, reason, actor=actor)
    _explain(order, found, codes)
    order.publish("order.gathering", actor=actor, location=target.pk)
    promise.move(order, PromiseEvent.Cause.GATHERED, is_pegged=True)
    states.refresh(order)
    return gathering


def _send_along(order, source, target, way, actor):
    """Let the rows wait for a transfer that keeps their pieces, from now till they are received; returns it."""
    pieces = Counter()
    for row in way.rows:
        pieces[row.sku] += row.quantity
        row.location = None
        row.move_to(Status.BACKORDERED)
        row.supply_location, row.supply_at = target, way.ready_at
        row.save(update_fields=["supply_location", "supply_at"])
    freed = {(sku.pk, source.pk): count for sku, count in pieces.items()}
    stock.release(freed, subject=order.subject, actor=actor)
    transfer = draft_transfer.draft(
        source, target, lines=dict(pieces), expected_on=way.day, note=f"For order {order}", actor=actor
    )
    return draft_transfer.make_ready(transfer.pk, actor=actor)


def _explain(order, found, codes):
    """Add to why the order comes from where it comes from."""
    last = order.decisions.last()
    before = last.plans if last else {"plans": [], "excluded": {}, "considered": 0}
    terms = {name: str(amount(cost)) for name, cost in found.terms.items() if cost}
    plan = {"locations": [found.site.code], "parcels": 1, "missing": 0, "cost": str(amount(found.cost)), "terms": terms}
    plans = [plan | {"gathers": codes}, *before["plans"][:9]]
    SourcingDecision.objects.create(order=order, plans=before | {"plans": plans})
