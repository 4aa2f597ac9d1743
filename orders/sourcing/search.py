"""Where to ship one order from: least total cost, exactly, with the ten best plans to show.

Every SKU comes whole from one site unless none has all of it: then the largest stocks are taken first, until one
site has what is left. What nobody has is missing: serving pieces comes before every cost.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from orders.sourcing.groups import MOST_LINES, NOWHERE, assign
from orders.sourcing.milp import Unsolved, cheapest_by_milp
from orders.sourcing.plan import Objective, Plan, Search, Site
from orders.sourcing.subsets import FEW, MOST_SITES, NEVER, Found, bound_of_more, cheapest_subsets, priced

KEPT_PLANS = 10
# Of the sites that could be in one of three, so many are combined to show what else there was.
SHOWN_IN_TRIPLES = 16
PENALTIES = Objective()


def search(
    demand: Mapping[int, int],
    sites: Iterable[Site],
    *,
    weights: Mapping[int, int],
    objective: Objective = PENALTIES,
    excluded: Mapping[str, str] | None = None,
) -> Search:
    """Return the Search for `demand` ({sku: pieces}) over `sites`; `weights` is {sku: grams a piece}.

    `excluded` ({code: reason}) is passed on; it may name a site that only some goods are barred from. Nothing in
    stock anywhere: one plan without sites, everything missing.
    """
    useful, held, reasons = [], [], dict(excluded or {})
    for site in sites:
        pieces = [site.has(sku) for sku in demand]
        if any(pieces):
            useful.append(site)
            held.append(pieces)
        else:
            reasons.setdefault(site.code, "nothing in stock")
    order = _Order(demand, useful, weights, objective, held=held)
    found, considered = order.cheapest()
    plans = [plan for _, subset in found if (plan := order.plan(subset))]
    plans.sort(key=lambda plan: plan.rank)
    return Search(plans, reasons, considered)


class _Order:
    """The order as an assignment problem: parts (what travels whole), sites, and sites that are opened anyway.

    `held` [site] is what it has of each SKU of the demand.
    """

    def __init__(
        self,
        demand: Mapping[int, int],
        sites: list[Site],
        weights: Mapping[int, int],
        objective: Objective,
        *,
        held: list[list[int]],
    ):
        self.sites, self.weights, self.objective = sites, weights, objective
        self.opened: set[int] = set()
        self.taken: list[tuple[int, int, int]] = []
        self.missing: dict[int, int] = {}
        self.parts: list[tuple[int, int]] = []
        self.able: list[list[int]] = []
        of_skus = zip(*held, strict=True) if held else [()] * len(demand)
        for (sku, pieces), stock in zip(demand.items(), of_skus, strict=True):
            self._split(sku, pieces, stock)
        self.fixed = [objective.parcel(site) + objective.split for site in sites]
        self.cost = [self._line(part, able) for part, able in zip(self.parts, self.able, strict=True)]
        self.free = [min((line[i] for i in self.opened), default=NEVER) for line in self.cost]

    def _split(self, sku: int, pieces: int, stock: Sequence[int]) -> None:
        """Take the largest stocks until one site has all that is left; note that part and who could send it."""
        left = [i for i, has in enumerate(stock) if has]
        while pieces and left:
            able = [i for i in left if stock[i] >= pieces]
            if able:
                self.parts.append((sku, pieces))
                self.able.append(able)
                return
            most = max(left, key=lambda i: (stock[i], -self.objective.parcel(self.sites[i]), -i))
            left.remove(most)
            pieces -= stock[most]
            self.taken.append((sku, most, stock[most]))
            self.opened.add(most)
        if pieces:
            self.missing[sku] = pieces

    def _line(self, part: tuple[int, int], able: list[int]) -> list[int]:
        sku, pieces = part
        line, grams = [NEVER] * len(self.sites), self.weights[sku]
        for i in able:
            line[i] = self.sites[i].carries(sku, pieces, grams)
        return line

    def cheapest(self) -> tuple[list[Found], int]:
        """Return the cheapest subsets of sites to open, the optimum first, and how many were compared.

        A few lines are solved exactly by `assign`, and enumeration only finds the other plans worth showing.
        """
        few = MOST_SITES < len(self.parts) <= MOST_LINES or (len(self.parts) == MOST_SITES and len(self.sites) > FEW)
        shown = SHOWN_IN_TRIPLES if few else None
        found, considered = cheapest_subsets(self.fixed, self.cost, self.free, keep=KEPT_PLANS, in_triples=shown)
        best = found[0][0] if found else NEVER
        more = None
        if few:
            more = self._assigned()
        elif bound_of_more(self.fixed, self.cost, self.free) < best:
            more = self._by_milp()
        return ([more, *found], considered + 1) if more and more[0] < best else (found, considered)

    def _assigned(self) -> Found:
        problem = (np.array([numbers], dtype=float) for numbers in (self.fixed, self.cost, self.free))
        totals, places = assign(*problem)
        return int(totals[0]), tuple(sorted({int(place) for place in places[0]} - {NOWHERE}))

    def _by_milp(self) -> Found:
        """Return the optimum over any number of sites; where that is not proved in time, each line's cheapest site."""
        try:
            return cheapest_by_milp(self.fixed, self.cost, self.free)
        except Unsolved:
            subset = tuple(sorted({line.index(min(line)) for line in self.cost}))
            return priced(subset, self.fixed, self.cost, self.free)

    def plan(self, subset: tuple[int, ...]) -> Plan | None:
        """Return the Plan that opens `subset` beside what is open anyway; None when a site of it adds nothing."""
        used, carried, open_sites = set(self.opened), list(self.taken), (*sorted(self.opened), *subset)
        for (sku, count), line in zip(self.parts, self.cost, strict=True):
            best = min(open_sites, key=line.__getitem__)  # of equal ones the first, so one that is open anyway
            carried.append((sku, best, count))
            used.add(best)
        if not used.issuperset(subset) or self.opened.intersection(subset):
            return None
        return self._plan(sorted(used), carried)

    def _plan(self, used: list[int], carried: list[tuple[int, int, int]]) -> Plan:
        places, objective = [self.sites[i] for i in used], self.objective
        pieces = {(sku, self.sites[i].id): count for sku, i, count in carried}
        by_weight = sum(self.sites[i].by_weight(count * self.weights[sku]) for sku, i, count in carried)
        terms = {
            "shipping": sum(site.base for site in places) + by_weight,
            "handling": sum(site.handling for site in places),
            "split": max(0, len(places) - 1) * objective.split,
            "late": sum(site.late_days for site in places) * objective.late_per_day,
            "scarce": sum(self.sites[i].scarce.get(sku, 0) * count for sku, i, count in carried),
        }
        return Plan(tuple(places), pieces, self.missing, terms, sum(terms.values()))
