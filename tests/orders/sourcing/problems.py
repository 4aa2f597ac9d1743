"""Random small orders, and what they cost by trying everything."""

from itertools import chain, combinations

from hypothesis import strategies as st

from orders.sourcing.plan import Site
from orders.sourcing.subsets import NEVER


def site(id_, stock, base=50_000, per_kg=0, **fields):
    return Site(id_, f"L{id_}", base=base, per_kg=per_kg, transit_days=1, stock=stock, **fields)


@st.composite
def tables(draw, *, least=1, sites=6, lines=5):
    """(fixed, cost, free) as the kernels take them; some lines are had by few sites, some by none."""
    n = draw(st.integers(least, sites))
    costs = st.one_of(st.integers(0, 60), st.just(NEVER))
    fixed = draw(st.lists(st.integers(0, 80), min_size=n, max_size=n))
    cost = draw(st.lists(st.lists(costs, min_size=n, max_size=n), min_size=1, max_size=lines))
    free = draw(st.lists(st.one_of(st.integers(0, 200), st.just(NEVER)), min_size=len(cost), max_size=len(cost)))
    return fixed, cost, free


def optimum(fixed, cost, free, *, most=None):
    """The least cost over every subset of at most `most` sites (None: any number), NEVER where none will do."""
    return min(NEVER, *(total for total, _ in every(fixed, cost, free, most=most)))


def every(fixed, cost, free, *, most=None):
    """[(cost, subset)] of every subset of at most `most` sites."""
    sizes = range((len(fixed) if most is None else most) + 1)
    subsets = chain.from_iterable(combinations(range(len(fixed)), size) for size in sizes)
    return [(total(subset, fixed, cost, free), subset) for subset in subsets]


def total(subset, fixed, cost, free):
    lines = zip(cost, free, strict=True)
    return sum(fixed[i] for i in subset) + sum(min([none, *(line[i] for i in subset)]) for line, none in lines)
