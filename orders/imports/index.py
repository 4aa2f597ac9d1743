"""The rows of a file, grouped by order on disk: memory stays the same however large the file."""

import json
import sqlite3
import tempfile
from decimal import Decimal

from oms.lib.chunks import chunks
from oms.lib.money import LIMIT, PLACES
from orders.imports.fields import raise_refused
from orders.imports.records import Refusal, Refused, Row

CHUNK = 5_000
MOST_ROWS = 5_000  # of one order
MOST_KEY = 60
SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
CREATE TABLE row (n INTEGER, key TEXT, kind TEXT, units INTEGER, data TEXT, problem TEXT, once INTEGER);
CREATE UNIQUE INDEX row_once ON row (key, kind) WHERE once;
CREATE TABLE refusal (n INTEGER, key TEXT, field TEXT, reason TEXT);
"""
GROUPS = """
CREATE INDEX row_by_key ON row (key, n);
CREATE TABLE grp AS SELECT key, MIN(n) AS first, rank(key) AS rank FROM row GROUP BY key;
CREATE INDEX grp_in_turn ON grp (rank, first);
"""


class Index:
    """A temporary database of the file's rows; use it as a context manager, it deletes itself.

    `fill` first; then `groups` gives each order with all its rows, wherever in the file they stand.
    """

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="import-")
        self._db = sqlite3.connect(f"{self._folder.name}/rows.sqlite3", isolation_level=None)
        self._db.create_aggregate("exact_sum", 1, _ExactSum)
        self._db.executescript(SCHEMA)
        return self

    def __exit__(self, *_):
        self._db.close()
        self._folder.cleanup()

    def fill(self, rows, rank):
        """Store `rows` (an iterator of Row) and group them; `rank(key)` says what comes first."""
        self._db.execute("BEGIN")
        for chunk in chunks(rows, CHUNK):
            self._db.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", map(_stored, chunk))
        self._db.execute("COMMIT")
        self._db.create_function("rank", 1, rank, deterministic=True)
        self._db.executescript(GROUPS)

    def __len__(self):
        return self._db.execute("SELECT COUNT(*) FROM grp").fetchone()[0]

    def groups(self):
        """Yield (key, [Row]) in turn: by rank, then by the first row of each in the file."""
        for (key,) in self._db.execute("SELECT key FROM grp ORDER BY rank, first"):
            yield key, self._rows(key)

    def _rows(self, key):
        found = self._db.execute(
            "SELECT n, kind, units, data, problem FROM row WHERE key = ? ORDER BY n LIMIT ?", (key, MOST_ROWS + 1)
        )
        return [Row(n, key, kind, _net(units), json.loads(data), problem) for n, kind, units, data, problem in found]

    def refuse(self, refusals):
        """Note rows that are not taken."""
        rows = [(refusal.row, refusal.order, refusal.field, refusal.reason) for refusal in refusals]
        self._db.executemany("INSERT INTO refusal VALUES (?, ?, ?, ?)", rows)

    def refusals(self):
        """Yield each Refusal, in the order of the file."""
        for n, key, field, reason in self._db.execute("SELECT n, key, field, reason FROM refusal ORDER BY n, rowid"):
            yield Refusal(n, key, field, reason)

    def totals(self):
        """Return {kind: (rows, net, rows refused, net refused)} of the file as it stands."""
        found = self._db.execute(
            """SELECT kind, COUNT(*), exact_sum(units), SUM(bad), exact_sum(units * bad)
               FROM (SELECT kind, units, key IN (SELECT key FROM refusal) AS bad FROM row) GROUP BY kind"""
        )
        return {kind: (rows, _net(units), bad, _net(lost)) for kind, rows, units, bad, lost in found}

    def nets(self):
        """Yield lists of (key, net) of the orders and vouchers that were not refused."""
        found = self._db.execute(
            """SELECT key, exact_sum(units) FROM row WHERE key NOT IN (SELECT key FROM refusal)
               GROUP BY key ORDER BY key"""
        )
        yield from chunks(((key, _net(units)) for key, units in found), 500)


def check_readable(key, rows):
    """Raise Refused when rows lack cells or their order's id, or are more than one transaction should hold."""
    if len(key) > MOST_KEY:
        raise_refused(
            [Refusal(row.number, key, "", f"An order's number has at most {MOST_KEY} letters.") for row in rows], rows
        )
    if len(rows) > MOST_ROWS:
        raise Refused([Refusal(rows[0].number, key, "", f"An order can have at most {MOST_ROWS} rows.")])
    raise_refused([Refusal(row.number, key, "", row.problem) for row in rows if row.problem], rows)


def _stored(row):
    key, problem, units = row.key, row.problem, None
    if row.net is not None and abs(row.net) < LIMIT:
        units = int(row.net.scaleb(PLACES))
    elif row.net is not None:
        problem = f"{row.net} is too large an amount."
    if not key:  # each such row is an order of its own, to be refused
        key, problem = f"row {row.number}", problem or "The order's number is missing."
    return row.number, key, row.kind, units, json.dumps(row.fields), problem, row.once


def _net(units):
    return None if units is None else Decimal(units).scaleb(-PLACES)


class _ExactSum:
    """SUM without SQLite's bound of 64 bits; unreadable rows count nothing."""

    def __init__(self):
        self.total = 0

    def step(self, units):
        self.total += units or 0

    def finalize(self):
        return str(self.total)
