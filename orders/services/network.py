"""What sourcing and promises know of places: locations, lanes, holidays, strategies; read every few seconds."""

import time
from collections import defaultdict
from dataclasses import dataclass

from inventory.models import Location, LocationHoliday, TransferRoute
from orders.models import Channel, Lane, SourcingStrategy
from orders.promise.transit import NO_HOLIDAYS, arrival, begun_on, next_cutoff
from orders.sourcing.plan import Objective, units
from orders.sourcing.rules import Rule, Strategy

NETWORK_KEPT_S = 10
# A channel without a strategy: the fewest parcels, then the cheapest, from anywhere.
DEFAULT = Strategy(objective=Objective(split=units(1000)))
_network = {}


@dataclass(frozen=True)
class Network:
    """`locations` {id: Location}, `lanes` {(location id, zone, method): Lane}, `chosen` {channel id: ids},
    `holidays` {location id: days}, `strategies` {id: Strategy}, `routes` {(from id, to id): TransferRoute}."""

    locations: dict
    lanes: dict
    chosen: dict
    holidays: dict
    strategies: dict
    routes: dict

    def place(self, pk):
        """Return the location, also one that is not active any more."""
        return self.locations.get(pk) or Location.objects.get(pk=pk)


def network():
    """Return the active locations, their lanes, which channels may use which, and by which rules."""
    if _network.get("until", 0) < time.monotonic():
        _network["value"] = _read()
        _network["until"] = time.monotonic() + NETWORK_KEPT_S
    return _network["value"]


def forget_network():
    """Read locations, lanes and strategies anew at the next order; other processes do within seconds."""
    _network.clear()


def strategy_of(channel):
    """Return the Strategy that is live on `channel`."""
    if channel.strategy_id is None:
        return DEFAULT
    if channel.strategy_id not in network().strategies:  # it is younger than what was read
        forget_network()
    return network().strategies[channel.strategy_id]


def as_strategy(row):
    """Return the Strategy of a SourcingStrategy; its rules and their channels are read where they are not yet."""
    rules = tuple(
        Rule(
            number=number,
            words=rule.words,
            is_served=rule.verdict == rule.Verdict.YES,
            location=rule.location_id,
            kind=rule.kind,
            method=rule.method,
            zone=rule.zone,
            channel=rule.channel_id,
            is_hazmat=rule.is_hazmat,
            is_too_late=rule.is_too_late,
        )
        for number, rule in enumerate(row.rules.all(), 1)
    )
    objective = Objective(split=units(row.split_penalty), late_per_day=units(row.late_penalty))
    return Strategy(
        name=row.name, objective=objective, scarce=units(row.scarcity_penalty), rules=rules, gathers=row.gathers
    )


def zones_of(order):
    """Return the zones an order goes to, the most exact first: US-CA, US."""
    country, region = order.ship_country, order.ship_to.get("region", "")
    return (f"{country}-{region}", country) if region else (country,)


def lane_of(location_id, order):
    """Return the Lane of the most exact zone from a location to where the order goes, or None."""
    lanes = network().lanes
    zones = (*zones_of(order), "*")
    return next((lanes[key] for zone in zones if (key := (location_id, zone, order.method)) in lanes), None)


def arrival_from(place, moment, transit_days):
    """Return when what is ready at a location at `moment` arrives, by its cut-off, holidays and handling days."""
    days = {"transit_days": transit_days, "handling_days": place.handling_days}
    return arrival(moment, tz=place.tz, cutoff=place.cutoff, holidays=_holidays(place), **days)


def made_on(place, moment, days):
    """Return the day on which a location has made what is ordered at `moment` and takes `days` working days."""
    made = arrival(moment, tz=place.tz, cutoff=place.cutoff, holidays=_holidays(place), transit_days=days)
    return made.date()


def begun_at(place, moment):
    """Return the working day on which a location begins what is ordered at `moment`."""
    return begun_on(moment, tz=place.tz, cutoff=place.cutoff, holidays=_holidays(place))


def cutoff_after(place, moment):
    """Return the first cut-off of a location after `moment` on one of its working days."""
    return next_cutoff(moment, tz=place.tz, cutoff=place.cutoff, holidays=_holidays(place))


def _holidays(place):
    return network().holidays.get(place.pk, NO_HOLIDAYS)


def _read():
    chosen = defaultdict(set)
    for channel_id, location_id in Channel.locations.through.objects.values_list("channel_id", "location_id"):
        chosen[channel_id].add(location_id)
    holidays = defaultdict(set)
    for location_id, day in LocationHoliday.objects.values_list("location_id", "day"):
        holidays[location_id].add(day)
    strategies = SourcingStrategy.objects.prefetch_related("rules__channel")
    return Network(
        locations={place.pk: place for place in Location.objects.active()},
        lanes={(lane.location_id, lane.zone, lane.method): lane for lane in Lane.objects.all()},
        chosen=chosen,
        holidays=holidays,
        strategies={row.pk: as_strategy(row) for row in strategies},
        routes={(route.source_id, route.target_id): route for route in TransferRoute.objects.all()},
    )
