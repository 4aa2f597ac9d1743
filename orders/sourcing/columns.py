"""The restricted master problem: plans of orders as columns; orders, stock and capacity as rows, in one HiGHS model."""

import highspy
import numpy as np

from orders.sourcing.batch import Batch
from orders.sourcing.groups import NOWHERE, Numbers, Places
from orders.sourcing.milp import Unsolved, quiet_solver, run

STATUS = highspy.HighsModelStatus
# A MILP ends this near to its optimum, after so many nodes, or when its solver has run so long in all, by the wall.
NEAR = 0.001
NODES = 20
SECONDS = 5.0


class Master:
    """Columns that are known, and the prices that the linear programme over them puts on stock and capacity."""

    def __init__(self, batch: Batch, part: Places):
        """`part` [line] is what is planned together: an order, or some lines of a long one."""
        self.batch, self.part = batch, part
        self.parts = int(part[-1]) + 1
        self.sites = len(batch.capacity)
        self.stocked = np.flatnonzero(batch.stock.ravel())
        self.row_of = np.full(batch.stock.size, NOWHERE)
        self.row_of[self.stocked] = np.arange(len(self.stocked)) + self.parts
        self.first_capacity = self.parts + len(self.stocked)
        self.start = np.searchsorted(part, np.arange(self.parts + 1))
        self.known: set[tuple[int, bytes]] = set()
        self.column_part: list[int] = []
        self.column_site: list[bytes] = []
        self.solver = quiet_solver()
        upper = np.concatenate([np.ones(self.parts), batch.stock.ravel()[self.stocked], batch.capacity]).astype(float)
        lower = np.concatenate([np.ones(self.parts), np.full(len(upper) - self.parts, -highspy.kHighsInf)])
        none = np.array([], dtype=np.int32)
        self.solver.addRows(len(upper), lower, upper, 0, none, none, np.array([]))

    def add(self, site: Places, parts: Places | None = None) -> int:
        """Add the plans of `parts` (None: of all) in a solution, site [line]; returns how many were new."""
        chosen = range(self.parts) if parts is None else parts.tolist()
        keys = [(i, site[self.start[i] : self.start[i + 1]].tobytes()) for i in chosen]
        new = [key for key in keys if key not in self.known]
        self.known.update(new)
        self.column_part += [i for i, _ in new]
        self.column_site += [sites for _, sites in new]
        if new:
            self._add_columns(site, np.array([i for i, _ in new]))
        return len(new)

    def _add_columns(self, site: Places, parts: Places) -> None:
        batch = self.batch
        column_of = np.full(self.parts, NOWHERE)
        column_of[parts] = np.arange(len(parts))
        lines = np.flatnonzero(column_of[self.part] != NOWHERE)
        column, served = column_of[self.part[lines]], site[lines] != NOWHERE
        line_cost = np.where(served, batch.cost[lines, site[lines]], batch.missing[lines])
        used = lines[served]
        sent = np.unique(column[served] * self.sites + site[used])
        parcel_column, parcel_site = sent // self.sites, sent % self.sites
        orders = batch.order[self.start[parts]]
        cost: Numbers = np.bincount(column, line_cost, minlength=len(parts)).astype(np.float64)
        cost += np.bincount(parcel_column, batch.fixed[orders[parcel_column], parcel_site], minlength=len(parts))
        # An order may name a SKU twice, and HiGHS takes each row of a column once.
        cells, cell = batch.stock.size, batch.sku[used] * self.sites + site[used]
        taken, which = np.unique(column[served] * cells + cell, return_inverse=True)
        columns = np.concatenate([np.arange(len(parts)), taken // cells, parcel_column])
        rows = [parts, self.row_of[taken % cells], self.first_capacity + parcel_site]
        values = np.concatenate([np.ones(len(parts)), np.bincount(which, batch.pieces[used]), np.ones(len(sent))])
        by_column = np.argsort(columns, kind="stable")
        starts = np.searchsorted(columns[by_column], np.arange(len(parts)))
        zero, one = np.zeros(len(parts)), np.ones(len(parts))
        index = np.concatenate(rows)[by_column].astype(np.int32)
        endless, begin = one * highspy.kHighsInf, starts.astype(np.int32)
        status = self.solver.addCols(len(parts), cost, zero, endless, len(index), begin, index, values[by_column])
        if status != highspy.HighsStatus.kOk:
            raise Unsolved("HiGHS took no more columns.")

    def prices(self) -> tuple[float, Numbers, Numbers]:
        """Solve the linear programme; returns (its value, price of stock [sku, site], of capacity [site])."""
        _, stock, capacity = self.shares()
        return self.solver.getObjectiveValue(), stock, capacity

    def shares(self) -> tuple[Numbers, Numbers, Numbers]:
        """Solve the linear programme; returns (how much of each column it takes, 0 to 1, and the prices likewise)."""
        self._solve()
        solution = self.solver.getSolution()
        dual = -np.minimum(np.array(solution.row_dual), 0)
        stock = np.zeros(self.batch.stock.size)
        stock[self.stocked] = dual[self.parts : self.first_capacity]
        return np.array(solution.col_value), stock.reshape(self.batch.stock.shape), dual[self.first_capacity :]

    def plan(self, column: int) -> tuple[Places, Places]:
        """Return (lines, site of each) of a column."""
        part = self.column_part[column]
        lines = np.arange(self.start[part], self.start[part + 1])
        return lines, np.frombuffer(self.column_site[column], dtype=np.intp)

    def fix(self, column: int) -> None:
        """Take a column from now on: its part has no other choice."""
        self.solver.changeColBounds(column, 1.0, 1.0)

    def choose(self, site: Places) -> Places:
        """Return a solution no worse than `site` out of the known columns; what a short MILP finds, proved or not."""
        self.add(site)
        columns = self.solver.getNumCol()
        chosen = np.zeros(columns)
        number = {key: column for column, key in enumerate(zip(self.column_part, self.column_site, strict=True))}
        for part in range(self.parts):
            chosen[number[part, site[self.start[part] : self.start[part + 1]].tobytes()]] = 1
        whole = np.full(columns, highspy.HighsVarType.kInteger)
        self.solver.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), whole)
        self.solver.setOptionValue("solver", "choose")
        self.solver.setOptionValue("mip_rel_gap", NEAR)
        self.solver.setOptionValue("mip_max_nodes", NODES)
        self.solver.setOptionValue("time_limit", SECONDS)
        start = highspy.HighsSolution()
        start.col_value = chosen.tolist()
        self.solver.setSolution(start)
        run(self.solver, STATUS.kOptimal, STATUS.kTimeLimit, STATUS.kSolutionLimit)
        better = site.copy()
        for column in np.flatnonzero(np.array(self.solver.getSolution().col_value) > 0.5):
            lines, sites = self.plan(int(column))
            better[lines] = sites
        return better

    def _solve(self) -> None:
        """Interior point without crossover is quickest, and its central prices steer best; at its rare end, simplex."""
        self.solver.setOptionValue("solver", "ipm")
        self.solver.setOptionValue("run_crossover", "off")
        try:
            run(self.solver, STATUS.kOptimal)
        except Unsolved:
            self.solver.setOptionValue("solver", "simplex")
            run(self.solver, STATUS.kOptimal)
