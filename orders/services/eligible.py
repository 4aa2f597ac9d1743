"""Which locations may serve an order at all, and why the others may not."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from inventory.models import Location
from orders.models import Order
from orders.services.network import begun_at, lane_of, network, strategy_of, zones_of
from orders.sourcing.rules import Facts

Kind = Location.Kind


@dataclass
class Eligible:
    """`places` {location id: (Location, Lane or None)}, `excluded` {code: why not}, and which places are `barred`
    from hazardous goods, by id; these stand in both where they may send the rest."""

    places: dict = field(default_factory=dict)
    excluded: dict = field(default_factory=dict)
    barred: set = field(default_factory=set)


def eligible(order, *, exclude=frozenset(), strategy=None, now=None, has_hazmat=False):
    """Return what is Eligible for `order`, by its channel's strategy or another one.

    `exclude` holds ids of locations that must not be used; `now`: when it is begun, for rules on the cut-off,
    None: some other day. Hazardous goods are looked at only where the order has some.
    """
    known, found = network(), Eligible()
    strategy = strategy or strategy_of(order.channel)
    chosen = known.chosen.get(order.channel_id, ())
    for place in known.locations.values():
        lane = lane_of(place.pk, order)
        facts = _facts(place, order, now) if strategy.rules else None
        reason = _why_not(place, order, lane, chosen, exclude) or (facts and strategy.why_not(facts(False)))
        if reason:
            found.excluded[place.code] = reason
            continue
        found.places[place.pk] = place, lane
        if facts and has_hazmat and (reason := strategy.why_not(facts(True))):
            found.excluded[place.code] = reason
            found.barred.add(place.pk)
    return found


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


def _facts(place, order, now):
    """Return facts(is_hazmat): what the rules look at."""
    known = {"location": place.pk, "kind": place.kind, "method": order.method, "channel": order.channel_id}
    known |= {"zones": frozenset(zones_of(order)), "is_too_late": _is_too_late(place, now)}
    return lambda is_hazmat: Facts(is_hazmat=is_hazmat, **known)


def _is_too_late(place, now):
    return now is not None and begun_at(place, now) > now.astimezone(ZoneInfo(place.tz)).date()
