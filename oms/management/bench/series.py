"""Files of time series, as the forecasting bench takes them: JSON lines or CSV, plain, .gz or .xz."""

import csv
import gzip
import json
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.core.management.base import CommandError

from inventory.forecasting.demand import Matrix, aligned

OPENERS = {".gz": gzip.open, ".xz": lzma.open}
SEASONS = {"hourly": 24, "daily": 7, "weekly": 52, "monthly": 12, "quarterly": 4, "yearly": 1, "other": 1}
# What a header begins with when each column is a series; a row is one otherwise.
TIMES = {"hour", "day", "date", "week", "month", "quarter", "year", "period", "time"}
MISSING = {"", "na", "nan", "null"}


@dataclass(frozen=True)
class Series:
    """Series of a file: demand (series, periods), the held-out `ahead` (series, horizon) if the file says, a season."""

    demand: Matrix
    ahead: Matrix | None
    season: int | None


def opened(path):
    """Open a text file, compressed or not, for reading."""
    return OPENERS.get(Path(path).suffix, open)(path, "rt", encoding="utf-8-sig", newline="")


def read(path):
    """Return the `Series` of the file; a CommandError names the line that is no number."""
    try:
        with opened(path) as file:
            return _json_lines(file) if ".json" in Path(path).name else _csv(file)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
    except (KeyError, ValueError) as error:
        raise CommandError(f"{path} is no file of series: {error!r}") from None


def _json_lines(file):
    """Read objects with x (history), xx (held out, may be absent) and period (its name gives the season)."""
    rows = [json.loads(line) for line in file if line.strip()]
    periods = {str(row.get("period", "")).lower() for row in rows}
    if len(periods) > 1:
        raise ValueError(f"one kind of period a file, not {', '.join(sorted(periods))}")
    ahead = [row.get("xx") or [] for row in rows]
    horizon = min(map(len, ahead), default=0)
    cut = np.array([row[:horizon] for row in ahead], dtype=float) if horizon else None
    return Series(aligned([row["x"] for row in rows]), cut, SEASONS.get(next(iter(periods), "")))


def _csv(file):
    """Read a series a row (a name before it and a header above it may be there), or a series a column under times."""
    rows = [row for row in csv.reader(file) if row]
    if not rows:
        raise ValueError("it is empty")
    columns = rows[0][0].strip().lower() in TIMES and not _is_number(rows[0][-1])
    if not all(map(_is_number, rows[0][1:] or rows[0])):
        rows = rows[1:]
    named = not all(_is_number(row[0]) for row in rows)
    cells = [row[1:] if named else row for row in rows]
    width = max(map(len, cells))
    matrix = np.array([[_number(cell) for cell in row] + [np.nan] * (width - len(row)) for row in cells])
    return Series(matrix.T if columns else matrix, None, None)


def _is_number(cell):
    try:
        _number(cell)
    except ValueError:
        return False
    return True


def _number(cell):
    return np.nan if cell.strip().lower() in MISSING else float(cell)
