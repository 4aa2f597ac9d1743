"""Fewest parcels, then the cheapest lanes, by enumeration of location subsets."""

from decimal import Decimal
from itertools import combinations

from orders.sourcing.plan import Plan, Search

MOST_PARCELS = 3
# Subsets of more sites than this are not enumerated: those that cover most, then the cheapest, stay.
MOST_SITES = 12
KEPT_PLANS = 10


def search(demand, sites, *, weights, excluded=None):
    """Return the Search for `demand` ({sku: pieces}) over `sites` ([Site]); `weights` is {sku: grams}.

    All subsets of one site are tried, then of two, then of three, until one covers everything; so
    where a single location covers the order, only those are compared. Nothing in stock anywhere: one
    plan without sites, everything missing.
    """
    excluded = dict(excluded or {})
    useful = [site for site in sites if any(site.has(sku) for sku in demand)]
    excluded |= {site.code: "nothing in stock" for site in sites if site not in useful}
    kept = sorted(useful, key=lambda site: (-_covered(demand, site), site.base, site.code))[:MOST_SITES]
    excluded |= {site.code: f"not among the best {MOST_SITES}" for site in useful if site not in kept}
    plans = [Plan((), {}, dict(demand), Decimal(0))]
    for size in range(1, min(MOST_PARCELS, len(kept)) + 1):
        plans += [_plan(demand, subset, weights) for subset in combinations(kept, size)]
        if any(not plan.missing for plan in plans):
            break
    plans.sort(key=lambda plan: plan.rank)
    return Search(plans[:KEPT_PLANS], excluded, len(plans))


def _covered(demand, site):
    return sum(min(pieces, site.has(sku)) for sku, pieces in demand.items())


def _plan(demand, subset, weights):
    """Serve each SKU from the cheapest site of `subset` that has all of it, else largest stock first."""
    by_cost = sorted(subset, key=lambda site: (site.base, site.per_kg, site.code))
    pieces, missing = {}, {}
    for sku, wanted in demand.items():
        whole = next((site for site in by_cost if site.has(sku) >= wanted), None)
        for site in [whole] if whole else sorted(by_cost, key=lambda site: -site.has(sku)):
            taken = min(wanted, site.has(sku))
            if taken:
                pieces[sku, site.id] = taken
                wanted -= taken
        if wanted:
            missing[sku] = wanted
    used = tuple(site for site in by_cost if any(site.id == id_ for _, id_ in pieces))
    return Plan(used, pieces, missing, sum((_cost(site, pieces, weights) for site in used), Decimal(0)))


def _cost(site, pieces, weights):
    grams = sum(weights[sku] * taken for (sku, id_), taken in pieces.items() if id_ == site.id)
    return site.base + site.per_kg * grams / 1000
