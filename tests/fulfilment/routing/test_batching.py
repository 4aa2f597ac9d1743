import numpy as np
import pytest

from fulfilment.routing.batching import batch, first_come
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.oracle import ByMatrix, InAisles
from fulfilment.routing.savings import by_savings
from fulfilment.routing.tour import length
from fulfilment.routing.work import Work

LAYOUT = Layout(aisles=(0.0, 5.0, 10.0, 15.0), cross=(0.0, 30.0), depot=(0, 1))
PLACES = [Stop(aisle, float(y)) for aisle in range(4) for y in range(1, 30, 4)]


def work(orders, *, capacity=3):
    """Return the Work of `orders`, lists of indexes of PLACES, a piece each."""
    spots = np.zeros((len(orders), len(PLACES)), dtype=bool)
    for order, places in enumerate(orders):
        spots[order, places] = True
    load = np.array([[len(places)] for places in orders])
    return Work(spots, load, np.array([capacity]), np.array([place.aisle for place in PLACES]))


def random_work(count, *, capacity=6, seed=0):
    dice = np.random.default_rng(seed)
    orders = [dice.choice(len(PLACES), dice.integers(1, 4), replace=False).tolist() for _ in range(count)]
    return work(orders, capacity=capacity)


@pytest.mark.parametrize("way", [first_come, by_savings, batch])
def test_every_order_is_on_one_walk_that_it_fits_on(way):
    some = random_work(25)
    found = way(some, InAisles(LAYOUT, PLACES))
    assert sorted(order for orders in found.orders for order in orders) == list(range(25))
    assert all((some.load[orders].sum(0) <= some.capacity).all() for orders in found.orders)
    for orders, metres in zip(found.orders, found.metres, strict=True):
        stops = [PLACES[i] for i in np.flatnonzero(some.spots[orders].any(0))]
        assert metres == pytest.approx(length(LAYOUT, stops))


def test_orders_of_an_aisle_go_together():
    found = by_savings(work([[0], [30], [1], [31]], capacity=2), InAisles(LAYOUT, PLACES))
    assert sorted(found.orders) == [[0, 2], [1, 3]]


def test_savings_beat_first_come_and_annealing_is_never_worse():
    some, oracle = random_work(40, seed=3), InAisles(LAYOUT, PLACES)
    savings = by_savings(some, oracle).total
    assert savings < first_come(some, oracle).total
    assert batch(some, oracle, seconds=0.2).total <= savings


def test_annealing_mends_what_savings_got_wrong():
    # The dear pair first leaves the others alone: savings are greedy.
    some, oracle = random_work(30, seed=7), InAisles(LAYOUT, PLACES)
    assert batch(some, oracle, seconds=1.0).total < by_savings(some, oracle).total


def test_walks_by_a_table_cost_what_they_cost_in_aisles():
    table = np.array([[length(LAYOUT, [one, other]) for other in PLACES] for one in PLACES])
    oracle = ByMatrix(table, start=0, end=0, places=list(range(len(PLACES))))
    some = random_work(10)
    assert oracle.metres(some.spots).shape == (10,)
    assert (oracle.metres(some.spots) == oracle.metres(some.spots)).all()


def test_order_that_fits_on_no_walk_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        work([[0, 1, 2, 3]], capacity=3)


def test_no_orders_no_walks():
    assert batch(work([]), InAisles(LAYOUT, PLACES)).total == 0
