"""From demand to locations: gather what each has, let sourcing choose, write allocations and the decision."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from inventory.models import Location, Sku
from inventory.services import stock
from inventory.services.availability import available
from orders.models import Allocation, Channel, Order, SourcingDecision
from orders.services import capacity
from orders.services.eligible import Eligible, eligible
from orders.services.network import arrival_from, forget_network, network, strategy_of
from orders.sourcing.plan import Site, units
from orders.sourcing.rules import Strategy
from orders.sourcing.search import search

Kind = Location.Kind


class Shelves:
    """What sourcing asks of the world: the stock that can be sold, and which places are full for the day."""

    def available(self, demand, places, *, now):
        """Return {(sku id, location id): pieces} of `demand` ({sku id: pieces}) at `places` ({id: ...})."""
        return available(demand, locations=places)

    def full(self, order, places, *, now):
        """Return {location id: (taken, capacity)} of those `places` (Locations) that take no more orders."""
        return capacity.full(order, places, now=now)


AS_IT_IS = Shelves()
NOTHING: Mapping = {}


def choose(order, lines, *, exclude=frozenset(), refused=NOTHING, shelves=AS_IT_IS):
    """Return (Search of the goods, site of the downloads or None) for unsaved or saved leaf `lines`.

    `exclude` holds ids of locations that must not be used; `refused` {location id: ids of SKUs} is what they did not
    give for this order.
    """
    goods = [line for line in lines if line.kind == Sku.Kind.PHYSICAL]
    digital = None if len(goods) == len(lines) else digital_shelf()
    how = {"strategy": strategy_of(order.channel), "shelves": shelves, "exclude": exclude, "refused": refused}
    return find(order, goods, **how), digital


def find(order, goods, *, strategy, **how):
    """Return the Search for `goods` (physical lines with their SKU) by `strategy`; as `sites_for`."""
    demand = _demand(goods)
    weights = {line.sku_id: line.sku.weight_g for line in goods}
    sites, able = sites_for(order, goods, strategy=strategy, **how)
    found = search(demand, sites, weights=weights, objective=strategy.objective, excluded=able.excluded)
    found.strategy = strategy.name
    return found


def sites_for(order, goods, *, strategy, shelves=AS_IT_IS, now=None, exclude=frozenset(), refused=NOTHING):
    """Return (the Sites that may ship `goods`, what is Eligible and why the others are not), as of `now` (aware).

    `exclude` and `refused` as in `choose`.
    """
    demand = _demand(goods)
    if not demand:
        return [], Eligible()
    asked = _Asked(order, demand, _hazmat(goods), strategy, shelves, now or timezone.now(), refused)
    exclude = exclude | {pk for pk, skus in refused.items() if demand.keys() <= skus}
    able = eligible(order, exclude=exclude, strategy=strategy, now=asked.now, has_hazmat=bool(asked.hazmat))
    _leave_full(asked, able)
    return _sites(asked, able), able


def allocations(order, lines, found, digital):
    """Return unsaved Allocations of `lines` by the best plan of `found`; what is missing is BACKORDERED."""
    left, expires_at = dict(found.best.pieces), expiry_of(order)
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
            rows.append(_row(order, line, wanted, None, expires_at))
    return rows


def expiry_of(order):
    """Return until when an order waits for its payment, counted from when it was placed; None: it need not be paid."""
    is_placed = order.placed_at and order.status == Order.Status.PLACED
    if not is_placed or order.channel.payment_gate == Channel.Gate.NONE:
        return None
    return order.placed_at + timedelta(hours=order.channel.unpaid_hours)


def reserve(order, rows, *, actor):
    """Take the day's slots and the stock of RESERVED `rows`, saved; the last thing a command does.

    Raises Retry when either is gone since the command looked.
    """
    capacity.take(order, rows, now=timezone.now())
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

    What no location has, or gives, stays BACKORDERED. Reserves stock, so it comes after all other locks.
    """
    lines = [_Demand(row) for row in rows]
    found, _ = choose(order, lines, exclude=exclude, refused=_refused(rows))
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
    decision = decide(order, found)
    if served or not _is_known(decision):
        decision.save(force_insert=True)
    if served:
        reserve(order, served, actor=actor)
    return served


def _refused(rows):
    refused = defaultdict(set)
    for row in rows:
        for location_id in row.refused_by:
            refused[location_id].add(row.sku_id)
    return refused


def decide(order, found):
    """Return the unsaved SourcingDecision that says why."""
    return SourcingDecision(order=order, plans=found.as_json())


@dataclass(frozen=True)
class _Asked:
    """`demand` {sku id: pieces} of an order, of which `hazmat` are the hazardous ones, what it is sourced by, and
    what locations `refused` of it."""

    order: object
    demand: dict
    hazmat: frozenset
    strategy: Strategy
    shelves: Shelves
    now: datetime
    refused: Mapping


def _demand(goods):
    demand = Counter()
    for line in goods:
        demand[line.sku_id] += line.quantity
    return demand


def _hazmat(goods):
    return frozenset(line.sku_id for line in goods if line.sku.is_hazmat)


def _leave_full(asked, able):
    """Take the places that are full for the day out of `able`."""
    places = [place for place, _ in able.places.values()]
    for pk, (taken, limit) in asked.shelves.full(asked.order, places, now=asked.now).items():
        place, _ = able.places.pop(pk)
        able.excluded[place.code] = f"full for the day: {taken} of {limit}"


def _sites(asked, able):
    """Return the Sites that may ship the order."""
    places, strategy = able.places, asked.strategy
    stocks = {pk: {} if place.tracks_stock else None for pk, (place, _) in places.items()}
    for (sku_id, location_id), pieces in asked.shelves.available(asked.demand, places, now=asked.now).items():
        if stocks[location_id] is not None:
            stocks[location_id][sku_id] = pieces - asked.order.channel.buffer
    late = _late_days(asked.order, places, asked.now) if strategy.objective.late_per_day else {}
    sites = []
    for pk, (place, lane) in places.items():
        scarce = _last_pieces(asked.demand, stocks[pk], strategy.scarce) if place.kind == Kind.STORE else {}
        barred = (asked.hazmat if pk in able.barred else frozenset()) | asked.refused.get(pk, frozenset())
        sites.append(site_of(place, lane, stocks[pk], late_days=late.get(pk, 0), scarce=scarce, barred=barred))
    return sites


def _late_days(order, places, now):
    """Return {location id: days}: later than was promised first, or else than the quickest of `places`."""
    arrivals = {pk: arrival_from(place, now, lane.transit_days if lane else 0) for pk, (place, lane) in places.items()}
    due, quickest = order.promised_original, min((at.date() for at in arrivals.values()), default=None)
    # A promise is a day of the clock by which the location counts its own.
    days = {pk: due.astimezone(at.tzinfo).date() if due else quickest for pk, at in arrivals.items()}
    return {pk: max(0, (at.date() - days[pk]).days) for pk, at in arrivals.items()}


def _last_pieces(demand, stock, penalty):
    """Return {sku id: penalty} of what this order would leave none of."""
    if not penalty or stock is None:
        return {}
    return {sku: penalty for sku, pieces in demand.items() if 0 < stock.get(sku, 0) <= pieces}


def site_of(place, lane, available=None, *, late_days=0, scarce=None, barred=frozenset()):
    """Return the Site of a location that ships by `lane` (None: at no cost), as sourcing counts it."""
    return Site(
        id=place.pk,
        code=place.code,
        base=units(lane.base) if lane else 0,
        handling=units(place.handling_cost),
        per_kg=units(lane.per_kg) if lane else 0,
        transit_days=lane.transit_days if lane else 0,
        late_days=late_days,
        stock=available,
        scarce=scarce or {},
        barred=barred,
    )


def digital_shelf():
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


def _is_known(decision):
    """Say whether the order's last decision says the same: what waits is asked again every few minutes."""
    last = SourcingDecision.objects.filter(order=decision.order).last()
    return last is not None and last.plans == decision.plans


class _Demand:
    """A backordered allocation, in the shape of a line for `choose`."""

    def __init__(self, row):
        self.sku_id, self.quantity, self.sku, self.kind = row.sku_id, row.quantity, row.sku, row.line.kind
