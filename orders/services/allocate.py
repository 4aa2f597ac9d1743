"""From demand to locations: gather what each has, let sourcing choose, write allocations and the decision."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils import timezone

from inventory.models import Location, LocationHoliday, Sku, StockLevel
from inventory.services import stock
from orders.models import Allocation, Channel, Lane, Order, SourcingDecision
from orders.promise.transit import NO_HOLIDAYS, arrival
from orders.sourcing.plan import Objective, Site, units
from orders.sourcing.search import search

Kind = Location.Kind
NETWORK_KEPT_S = 10
_network = {}


@dataclass(frozen=True)
class Network:
    """`locations` {id: Location}, `lanes` {(location id, zone, method): Lane}, `chosen` {channel id: ids},
    `holidays` {location id: days}."""

    locations: dict
    lanes: dict
    chosen: dict
    holidays: dict

    def place(self, pk):
        """Return the location, also one that is not active any more."""
        return self.locations.get(pk) or Location.objects.get(pk=pk)


def choose(order, lines, *, exclude=frozenset()):
    """Return (Search of the goods, site of the downloads or None) for unsaved or saved leaf `lines`.

    `exclude` holds ids of locations that must not be used (one that just rejected the work).
    """
    goods = [line for line in lines if line.kind == Sku.Kind.PHYSICAL]
    demand = Counter()
    for line in goods:
        demand[line.sku_id] += line.quantity
    weights = {line.sku_id: line.sku.weight_g for line in goods}
    sites, excluded = _sites(order, demand, exclude) if demand else ([], {})
    digital = None if len(goods) == len(lines) else _digital_shelf()
    found = search(demand, sites, weights=weights, objective=_objective(order.channel), excluded=excluded)
    return found, digital


def allocations(order, lines, found, digital, *, expires_at=None):
    """Return unsaved Allocations of `lines` by the best plan of `found`; what is missing is BACKORDERED."""
    left = dict(found.best.pieces)
    rows = []
    for line in lines:
        if line.kind != Sku.Kind.PHYSICAL:
            rows.append(_row(order, line, line.quantity, digital.pk, expires_at))
            continue
        wanted = line.quantity
        for site in found.best.sites:
            taken = min(wanted, left.get((line.sku_id, site.id), 0))
            if taken:
                left[line.sku_id, site.id] -= taken
                wanted -= taken
                rows.append(_row(order, line, taken, site.id, expires_at))
        if wanted:
            rows.append(_row(order, line, wanted, None, None))
    return rows


def reserve(order, rows, *, actor):
    """Reserve the stock of RESERVED `rows`; the last thing a command does. Raises Retry when it moved."""
    stock.reserve(tracked(rows), subject=order.subject, keep=order.channel.buffer, actor=actor)


def tracked(rows):
    """Return {(sku id, location id): pieces} of those `rows` whose location counts its stock."""
    places = network()
    pieces = Counter()
    for row in rows:
        if row.location_id and places.place(row.location_id).tracks_stock:
            pieces[row.level] += row.quantity
    return pieces


def resource(order, rows, *, exclude=frozenset(), actor="system"):
    """Source BACKORDERED `rows` of a locked order anew; returns those that are RESERVED now.

    What no location has stays BACKORDERED. Reserves stock, so it comes after all other locks.
    """
    lines = [_demand(row) for row in rows]
    found, _ = choose(order, lines, exclude=exclude)
    served = []
    left = dict(found.best.pieces)
    for row in rows:
        for site in found.best.sites:
            taken = min(row.quantity, left.get((row.sku_id, site.id), 0))
            if not taken:
                continue
            left[row.sku_id, site.id] -= taken
            whole = taken == row.quantity
            part = row.split(taken)
            part.location_id = site.id
            part.move_to(Allocation.Status.RESERVED)
            served.append(part)
            if whole:
                break
    decide(order, found).save(force_insert=True)
    if served:
        reserve(order, served, actor=actor)
    return served


def decide(order, found):
    """Return the unsaved SourcingDecision that says why."""
    return SourcingDecision(order=order, plans=found.as_json())


def network():
    """Return the active locations, their lanes, and which channels may use which; read every few seconds."""
    if _network.get("until", 0) < time.monotonic():
        chosen = defaultdict(set)
        for channel_id, location_id in Channel.locations.through.objects.values_list("channel_id", "location_id"):
            chosen[channel_id].add(location_id)
        holidays = defaultdict(set)
        for location_id, day in LocationHoliday.objects.values_list("location_id", "day"):
            holidays[location_id].add(day)
        _network["value"] = Network(
            locations={place.pk: place for place in Location.objects.active()},
            lanes={(lane.location_id, lane.zone, lane.method): lane for lane in Lane.objects.all()},
            chosen=chosen,
            holidays=holidays,
        )
        _network["until"] = time.monotonic() + NETWORK_KEPT_S
    return _network["value"]


def forget_network():
    """Read locations and lanes anew at the next order; other processes do within seconds."""
    _network.clear()


def places_for(order, exclude=frozenset()):
    """Return ({location id: (Location, Lane or None)} of those that may ship this order, {code: why not})."""
    known = network()
    chosen = known.chosen.get(order.channel_id, ())
    places, excluded = {}, {}
    for place in known.locations.values():
        lane = lane_of(place.pk, order)
        reason = _why_not(place, order, lane, chosen, exclude)
        if reason:
            excluded[place.code] = reason
        else:
            places[place.pk] = place, lane
    return places, excluded


def _sites(order, demand, exclude):
    """Return (the Sites that may ship this order, {code: reason} of those that may not)."""
    places, excluded = places_for(order, exclude)
    stocks = {pk: {} if place.tracks_stock else None for pk, (place, _) in places.items()}
    levels = StockLevel.objects.with_available().filter(sku__in=demand, location__in=places)
    for sku_id, location_id, available in levels.values_list("sku_id", "location_id", "available"):
        if stocks[location_id] is not None:
            stocks[location_id][sku_id] = available - order.channel.buffer
    late = _late_days(order, places) if order.channel.late_penalty else {}
    scarcity = units(order.channel.scarcity_penalty)
    sites = []
    for pk, (place, lane) in places.items():
        scarce = _last_pieces(demand, stocks[pk], scarcity) if scarcity and place.kind == Kind.STORE else {}
        sites.append(_site(place, lane, stocks[pk], late_days=late.get(pk, 0), scarce=scarce))
    return sites, excluded


def _objective(channel):
    return Objective(split=units(channel.split_penalty), late_per_day=units(channel.late_penalty))


def _late_days(order, places):
    """Return {location id: days}: later than was promised first, or else than the quickest of `places`."""
    now = timezone.now()
    days = {
        pk: arrival_from(place, now, lane.transit_days if lane else 0).date() for pk, (place, lane) in places.items()
    }
    due = order.promised_original.date() if order.promised_original else min(days.values(), default=None)
    return {pk: max(0, (day - due).days) for pk, day in days.items()}


def _last_pieces(demand, stock, penalty):
    """Return {sku id: penalty} of what this order would leave none of."""
    return {sku: penalty for sku, pieces in demand.items() if stock is not None and 0 < stock.get(sku, 0) <= pieces}


def _why_not(place, order, lane, chosen, exclude):
    if place.kind == Kind.DIGITAL:
        return "digital only"
    if chosen and place.pk not in chosen:
        return "not for this channel"
    if place.pk in exclude:
        return "rejected the work"
    if order.method == Order.Method.PICKUP:
        return "" if place.pk == order.pickup_location_id else "not the chosen store"
    return "" if lane else f"no lane to {order.ship_country or 'nowhere'} by {order.method}"


def lane_of(location_id, order):
    """Return the Lane of the most exact zone from a location to where the order goes, or None."""
    country, lanes = order.ship_country, network().lanes
    zones = (f"{country}-{order.ship_to.get('region', '')}", country, "*")
    return next((lanes[key] for zone in zones if (key := (location_id, zone, order.method)) in lanes), None)


def _site(place, lane, available, *, late_days, scarce):
    return Site(
        id=place.pk,
        code=place.code,
        base=units(lane.base) if lane else 0,
        handling=units(place.handling_cost),
        per_kg=units(lane.per_kg) if lane else 0,
        transit_days=lane.transit_days if lane else 0,
        late_days=late_days,
        stock=available,
        scarce=scarce,
    )


def arrival_from(place, moment, transit_days):
    """Return when what is ready at a location at `moment` arrives, by its cut-off, holidays and handling days."""
    days = {"transit_days": transit_days, "handling_days": place.handling_days}
    return arrival(
        moment, tz=place.tz, cutoff=place.cutoff, holidays=network().holidays.get(place.pk, NO_HOLIDAYS), **days
    )


def _digital_shelf():
    """Return the location that downloads and services come from, made on first use."""
    found = next((place for place in network().locations.values() if place.kind == Kind.DIGITAL), None)
    if found is None:
        found, _ = Location.objects.get_or_create(
            code="DIGITAL", defaults={"name": "Digital shelf", "kind": Kind.DIGITAL, "tracks_stock": False}
        )
        forget_network()
    return found


def _row(order, line, quantity, location_id, expires_at):
    status = Allocation.Status.RESERVED if location_id else Allocation.Status.BACKORDERED
    return Allocation(
        order=order,
        line=line,
        sku=line.sku,
        location_id=location_id,
        quantity=quantity,
        status=status,
        expires_at=expires_at,
        created_at=timezone.now(),
    )


class _demand:
    """A backordered allocation, in the shape of a line for `choose`."""

    def __init__(self, row):
        self.sku_id, self.quantity, self.sku, self.kind = row.sku_id, row.quantity, row.sku, row.line.kind
