"""The command line of `row_import`: FILE [--dry-run] [--json], a progress bar, a report."""

import json
import sys
from contextlib import closing
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from oms.lib import row_import
from oms.lib.csv import Reader
from oms.lib.errors import DomainError


class RowCommand(BaseCommand):
    """A subclass has `table(options)`, which returns the `row_import.Table` to fill."""

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help=".csv, .csv.gz or .csv.xz")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def table(self, options):
        raise NotImplementedError

    def handle(self, *, file, dry_run, json, **options):
        try:
            report = self._run(file, self.table(options), dry_run)
        except DomainError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        self._print(report, dry_run, json)

    def _run(self, path, table, dry_run):
        with path.open("rb") as file, closing(_Progress(path, file)) as progress:
            reader = Reader(file, name=path.name, required=table.required, known=table.known)
            return row_import.run(progress.watch(reader), table, dry_run=dry_run)

    def _print(self, report, dry_run, as_json):
        figures = report.figures()
        if as_json:
            self.stdout.write(json.dumps(figures | {"dry_run": dry_run}, indent=2))
            return
        for refused in figures.pop("refused"):
            self.stderr.write(f"line {refused['line']}: {refused['why']}")
        told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in figures.items())
        self.stdout.write(f"{told}, {len(report.refused)} refused." + (" Nothing was changed." if dry_run else ""))


class _Progress:
    """How far into the packed file we are, on a terminal."""

    def __init__(self, path, file):
        self._file = file
        self._bar = tqdm(
            total=path.stat().st_size, unit="B", unit_scale=True, desc=path.name, disable=not sys.stderr.isatty()
        )

    def watch(self, rows):
        for row in rows:
            if not self._bar.disable:
                self._bar.update(self._file.tell() - self._bar.n)
            yield row

    def close(self):
        self._bar.close()
