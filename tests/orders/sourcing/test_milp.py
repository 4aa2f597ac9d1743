import highspy
import pytest
from hypothesis import given, settings

from orders.sourcing.milp import Unsolved, cheapest_by_milp, quiet_solver, run
from orders.sourcing.subsets import NEVER
from tests.orders.sourcing.problems import optimum, tables, total


@settings(max_examples=40)
@given(tables(lines=8))
def test_milp_finds_the_optimum_of_any_number_of_sites(problem):
    best = optimum(*problem)
    if best == NEVER:
        with pytest.raises(Unsolved):
            cheapest_by_milp(*problem)
    else:
        cost, subset = cheapest_by_milp(*problem)
        assert (cost, total(subset, *problem)) == (best, best)


def test_a_status_that_was_not_asked_for_is_an_error():
    solver = quiet_solver()
    solver.addVar(0, 1)
    solver.addRow(2, 3, 1, [0], [1.0])
    with pytest.raises(Unsolved, match="Infeasible"):
        run(solver, highspy.HighsModelStatus.kOptimal)
