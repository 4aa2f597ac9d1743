"""Taking a table in, row by row: each row whole or not at all, and a word on each that was not taken."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from oms.lib.chunks import chunks
from oms.lib.errors import DomainError, Invalid

AT_ONCE = 200
OUTCOMES = ("created", "changed", "unchanged")


@dataclass(frozen=True)
class Row:
    """The cells of line number `line` by column."""

    line: int
    cells: dict


@dataclass
class Report:
    """What became of the rows: `refused` is [(line, why)]; `others` counts what else came of them, by name.

    `outcomes` is {line: (one of OUTCOMES, in what)}, of tables that tell.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list = field(default_factory=list)
    others: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)

    def count(self, **counts):
        """Add `counts` to the fields of that name, or to `others`."""
        for name, number in counts.items():
            if name in OUTCOMES:
                setattr(self, name, getattr(self, name) + number)
            else:
                self.others[name] = self.others.get(name, 0) + number

    def refuse(self, line, why):
        self.refused.append((line, str(why)))

    def figures(self):
        """Return the report as JSON has it."""
        refused = [{"line": line, "why": why} for line, why in sorted(self.refused)]
        numbers = {"rows": self.rows, "created": self.created, "changed": self.changed, "unchanged": self.unchanged}
        return numbers | self.others | {"refused": refused}


class Table:
    """How the rows of one kind of table are taken in; a subclass says `required` and `known` columns."""

    required = ()
    known = ()

    def check(self, row):
        """Return what `row` says, in whatever shape `take` wants it; raises Invalid. No database."""
        raise NotImplementedError

    def take(self, rows):
        """Write checked `rows` in the caller's transaction; returns counts for `Report.count`.

        A table that tells what became of each row returns it too, as `each`: [(one of OUTCOMES, in what)],
        which are counted here.
        """
        raise NotImplementedError

    def is_late(self, checked):
        """Say whether a row waits until all others were taken, because it names them."""
        return False


def run(reader, table, *, dry_run=False, max_rows=None):
    """Take the rows of `reader` (oms.lib.csv.Reader) into `table` and return the Report.

    Rows are written AT_ONCE a transaction; where one of them fails, each in one of its own, so that only
    the bad one is refused. `dry_run` does all of it and takes it back. Raises Invalid beyond `max_rows`.
    """
    report = Report()
    if not dry_run:
        _run(reader, table, report, max_rows)
        return report
    with transaction.atomic():
        _run(reader, table, report, max_rows)
        transaction.set_rollback(True)
    return report


def _run(reader, table, report, max_rows):
    late = []
    for chunk in chunks(_checked(reader, table, report, max_rows), AT_ONCE):
        late += [row for row in chunk if table.is_late(row[1])]
        _take(table, [row for row in chunk if not table.is_late(row[1])], report)
    for chunk in chunks(late, AT_ONCE):
        _take(table, chunk, report)


def _checked(reader, table, report, max_rows):
    """Yield (line, checked row); the others are refused."""
    for line, cells, problem in reader:
        report.rows += 1
        if max_rows and report.rows > max_rows:
            raise Invalid(f"More than {max_rows:,} rows: import it from the command line.", field="file")
        try:
            if problem:
                raise Invalid(problem)
            yield line, table.check(Row(line, cells))
        except DomainError as error:
            report.refuse(line, error)


def _take(table, chunk, report):
    if not chunk:
        return
    try:
        counts = _in_transaction(table, [checked for _, checked in chunk])
    except (DomainError, ValidationError, DatabaseError) as error:
        if len(chunk) == 1:
            report.refuse(chunk[0][0], _words(error))
            return
        for row in chunk:
            _take(table, [row], report)
    else:
        each = counts.pop("each", [])
        report.outcomes |= {line: outcome for (line, _), outcome in zip(chunk, each, strict=False)}
        report.count(**Counter(outcome for outcome, _ in each), **counts)


def _in_transaction(table, rows):
    with transaction.atomic():
        return table.take(rows)


def _words(error):
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error).splitlines()[0] if str(error) else type(error).__name__
