"""Parcels of several locations, or one parcel from where all is brought together: which costs less. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from orders.sourcing.plan import Objective, Site


@dataclass(frozen=True, slots=True)
class Route:
    """What bringing goods of an order from one location to another costs, in units of money."""

    base: int
    per_kg: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """All leaves from `site`; `terms` are shipping, handling, gathering and late, `cost` their sum, `saves` how
    much less that is than the parcels apart, all in units."""

    site: Site
    terms: dict[str, int]
    cost: int
    saves: int


def gathered(
    grams: Mapping[int, int],
    sources: Mapping[int, Site],
    targets: Mapping[int, Site],
    routes: Mapping[tuple[int, int], Route],
    objective: Objective,
) -> Gathered | None:
    """Return the cheapest place of `targets` to gather an order at; None where its parcels apart cost no more.

    `grams` {location id: what the order takes there}; `sources` and `targets` {location id: Site}, the
    `late_days` of a target being those of the whole order when it leaves from there: where days late count
    nothing, none may be late. `routes` {(from, to): Route}: without one, nothing goes there.
    """
    apart = sum(objective.parcel(site) + site.by_weight(grams[pk]) for pk, site in sources.items())
    apart += objective.split * (len(sources) - 1)
    found = []
    for target, site in targets.items():
        others = [source for source in sources if source != target]
        if all((source, target) in routes for source in others) and (objective.late_per_day or not site.late_days):
            moved = sum(_along(routes[source, target], grams[source]) for source in others)
            terms = {
                "shipping": site.base + site.by_weight(sum(grams.values())),
                "handling": site.handling,
                "gathering": moved,
                "late": site.late_days * objective.late_per_day,
            }
            cost = sum(terms.values())
            found.append(Gathered(site, terms, cost, apart - cost))
    best = min(found, key=lambda each: (each.cost, each.site.code), default=None)
    return best if best and best.saves > 0 else None


def _along(route: Route, grams: int) -> int:
    """Return what `grams` cost on a route, half a unit rounded up."""
    return route.base + (route.per_kg * grams + 500) // 1000
