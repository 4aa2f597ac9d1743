"""What sourcing takes and gives."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Site:
    """A location that may ship the order, what it has, and what a parcel from it costs.

    `stock` is {sku id: available pieces}; None: it has whatever is asked (a supplier's shelf).
    """

    id: int
    code: str
    base: Decimal
    per_kg: Decimal
    transit_days: int
    stock: dict[int, int] | None

    def has(self, sku):
        return 10**9 if self.stock is None else max(self.stock.get(sku, 0), 0)


@dataclass(frozen=True)
class Plan:
    """Pieces by location: `pieces` is {(sku, site id): pieces}, `missing` {sku: pieces}."""

    sites: tuple[Site, ...]
    pieces: dict[tuple[int, int], int]
    missing: dict[int, int]
    cost: Decimal

    @property
    def rank(self):
        """Plans are better by fewer pieces missing, then fewer parcels, then cost, then code."""
        return sum(self.missing.values()), len(self.sites), self.cost, tuple(site.code for site in self.sites)


@dataclass
class Search:
    """All plans that were looked at, best first, and why locations were left out."""

    plans: list[Plan]
    excluded: dict[str, str] = field(default_factory=dict)
    considered: int = 0

    @property
    def best(self):
        return self.plans[0]
