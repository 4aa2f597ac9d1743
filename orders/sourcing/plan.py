"""What sourcing takes and gives. Money is whole 1/10,000 units here, so that sums are exact and ties are ties."""

import json
from dataclasses import dataclass, field
from decimal import Decimal

PLACES = 4
ENDLESS = 10**9


def units(amount: Decimal | int | str) -> int:
    """Return an amount of money in the whole 1/10,000 units that costs are counted in here."""
    return int(Decimal(amount).scaleb(PLACES))


def amount(cost: int) -> Decimal:
    """Return a cost as an amount of money, rounded to cents."""
    return Decimal(cost).scaleb(-PLACES).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Site:
    """A location that may ship the order, what it has, and what a parcel from it costs.

    `base`, `handling` and `per_kg` are units of money; `late_days` is how many days too late a parcel from
    it arrives. `stock` is {sku id: available pieces}; None: it has whatever is asked (a supplier's shelf).
    `scarce` is {sku id: units a piece} where this order would strip it of its last pieces; what is `barred` it has,
    but may not send.
    """

    id: int
    code: str
    base: int = 0
    handling: int = 0
    per_kg: int = 0
    transit_days: int = 0
    late_days: int = 0
    stock: dict[int, int] | None = None
    scarce: dict[int, int] = field(default_factory=dict)
    barred: frozenset[int] = frozenset()

    def has(self, sku: int) -> int:
        """Return how many pieces of a SKU it can send, never below zero."""
        if sku in self.barred:
            return 0
        return ENDLESS if self.stock is None else max(self.stock.get(sku, 0), 0)

    def carries(self, sku: int, pieces: int, grams: int) -> int:
        """Return what `pieces` of a SKU, `grams` each, cost on top of the parcel: units by weight and scarcity."""
        return self.by_weight(pieces * grams) + self.scarce.get(sku, 0) * pieces

    def by_weight(self, grams: int) -> int:
        """Return what `grams` cost on its lane, in units, half a unit rounded up."""
        return (self.per_kg * grams + 500) // 1000


@dataclass(frozen=True, slots=True)
class Objective:
    """What counts beside money spent, in units: each parcel after the first, each day a parcel is late."""

    split: int = 0
    late_per_day: int = 0

    def parcel(self, site: Site) -> int:
        """Return what one parcel from `site` costs, whatever is in it and without its being one more."""
        return site.base + site.handling + site.late_days * self.late_per_day


@dataclass(frozen=True, slots=True)
class Plan:
    """Pieces by location: `pieces` is {(sku, site id): pieces}, `missing` {sku: pieces}; `terms` {name: units}.

    The terms are shipping, handling, split, late and scarce; `cost` is their sum.
    """

    sites: tuple[Site, ...]
    pieces: dict[tuple[int, int], int]
    missing: dict[int, int]
    terms: dict[str, int]
    cost: int

    @property
    def rank(self) -> tuple[int, int, int, tuple[str, ...]]:
        """Plans are better by fewer pieces missing, then cost, then fewer parcels, then code."""
        return sum(self.missing.values()), self.cost, len(self.sites), tuple(site.code for site in self.sites)

    def as_json(self) -> dict:
        """Return it for people to read: codes, counts and amounts; a term of nothing is left out."""
        return {
            "locations": [site.code for site in self.sites],
            "parcels": len(self.sites),
            "missing": sum(self.missing.values()),
            "cost": str(amount(self.cost)),
            "terms": {name: str(amount(cost)) for name, cost in self.terms.items() if cost},
        }


@dataclass(slots=True)
class Search:
    """The best plans, best first, why locations were left out, how many plans were compared, and by which strategy."""

    plans: list[Plan]
    excluded: dict[str, str] = field(default_factory=dict)
    considered: int = 0
    strategy: str = ""

    @property
    def best(self) -> Plan:
        return self.plans[0]

    def as_json(self, most_bytes: int = 4096) -> dict:
        """Return plans, reasons and counts in at most `most_bytes` of JSON: the last plans and reasons give way."""
        plans, excluded = [plan.as_json() for plan in self.plans], dict(self.excluded)
        while True:
            found = {"plans": plans, "excluded": excluded, "considered": self.considered}
            if self.strategy:
                found["strategy"] = self.strategy
            size = len(json.dumps(found))
            if len(excluded) < len(self.excluded):
                found["more_excluded"] = len(self.excluded) - len(excluded)
                size += len(', "more_excluded": 100000')
            if size <= most_bytes or (len(plans) < 2 and not excluded):
                return found
            if len(plans) > 3 or not excluded:
                plans.pop()
            else:
                excluded.popitem()
