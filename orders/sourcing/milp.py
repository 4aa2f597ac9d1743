"""One order as a mixed-integer programme: any number of lines and sites, where enumeration could miss the optimum."""

import highspy
import numpy as np

from orders.sourcing.subsets import NEVER, Found, priced

SECONDS = 2.0


class Unsolved(RuntimeError):
    """HiGHS ended without what it was asked for; the message names its status."""


def cheapest_by_milp(fixed: list[int], cost: list[list[int]], free: list[int]) -> Found:
    """Return (cost, indexes of sites) of the optimum of what `cheapest_subsets` takes.

    Strong formulation: a line may use a site only as far as it is open. Raises Unsolved when HiGHS does not
    prove an optimum in two seconds.
    """
    sites = len(fixed)
    solver = quiet_solver()
    solver.setOptionValue("time_limit", SECONDS)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.addVars(sites, np.zeros(sites), np.ones(sites))
    solver.changeColsCost(sites, np.arange(sites, dtype=np.int32), np.array(fixed, dtype=float))
    kinds = np.full(sites, highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(sites, np.arange(sites, dtype=np.int32), kinds)
    for line, none in zip(cost, free, strict=True):
        _add_line(solver, line, none)
    run(solver, highspy.HighsModelStatus.kOptimal)
    opened = np.array(solver.getSolution().col_value[:sites]) > 0.5
    return priced(tuple(int(site) for site in np.flatnonzero(opened)), fixed, cost, free)


def quiet_solver() -> highspy.Highs:
    """Return a HiGHS that prints nothing and uses one thread, as all here: changing that within a process fails."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def run(solver: highspy.Highs, *allowed: highspy.HighsModelStatus) -> highspy.HighsModelStatus:
    """Solve, and return the model's status; raises Unsolved when it is none of `allowed`."""
    solver.run()
    status = solver.getModelStatus()
    if status not in allowed:
        raise Unsolved(f"HiGHS ended with {solver.modelStatusToString(status)}.")
    return status


def _add_line(solver: highspy.Highs, line: list[int], none: int) -> None:
    able = [site for site, each in enumerate(line) if each < min(NEVER, none)]
    first = solver.getNumCol()
    for site in able:
        solver.addCol(float(line[site]), 0.0, 1.0, 0, [], [])
    columns = list(range(first, first + len(able)))
    for site, column in zip(able, columns, strict=True):
        solver.addRow(-highspy.kHighsInf, 0.0, 2, [column, site], [1.0, -1.0])
    if none < NEVER:
        solver.addCol(float(none), 0.0, 1.0, 0, [], [])
        columns.append(first + len(able))
    solver.addRow(1.0, 1.0, len(columns), columns, [1.0] * len(columns))
