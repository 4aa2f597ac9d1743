"""Published packing instances: orders and boxes as CSV, containers as the OR-Library writes them."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from fulfilment.packing.blocks import Cargo
from fulfilment.packing.goods import FREE, UPRIGHT, Box, Piece, Size
from oms.management.bench.picking_files import read

ITEM_COLUMNS = ("order", "qty", "width_mm", "length_mm", "depth_mm", "weight_g")
SIDES = ("width", "length", "depth")
BOX_COLUMNS = (
    "name",
    *(f"{part}_{side}" for part in ("inner", "outer") for side in SIDES),
    "empty_weight_g",
    "max_weight_g",
)
# Which bits of a rotation mask let the length, the width, the height stand upright.
UPRIGHT_BITS = (0b110000, 0b001100, 0b000011)


@dataclass(frozen=True)
class Container:
    """One problem of a file: the container, what is to be loaded, the best known filling in percent (None: unknown)."""

    number: int
    size: Size
    cargo: list[Cargo]
    best_percent: float | None


def orders(path, *, keeps_flat):
    """Return {order: [Piece]} of a CSV of items; one that is kept flat is turned about the vertical only."""
    found = defaultdict(list)
    for number, row in _rows(path, ITEM_COLUMNS):
        try:
            sides = tuple(int(row[f"{side}_mm"]) for side in SIDES)
            piece = Piece(sides, int(row["weight_g"]), UPRIGHT if keeps_flat else FREE)
            found[row["order"]] += [piece] * int(row["qty"])
        except ValueError as error:
            raise CommandError(f"{path}, row {number}: {error}") from error
    return found


def boxes(path):
    """Return [Box] of a CSV of boxes; none has a price, so the smaller is the cheaper."""
    found = []
    for number, row in _rows(path, BOX_COLUMNS):
        try:
            inner, outer = (tuple(int(row[f"{part}_{side}"]) for side in SIDES) for part in ("inner", "outer"))
            found.append(Box(row["name"], inner, outer, int(row["empty_weight_g"]), int(row["max_weight_g"])))
        except ValueError as error:
            raise CommandError(f"{path}, row {number}: {error}") from error
    return found


def expected(path, *, keeps_flat):
    """Return {order: boxes that another program needs} of the file `…_expected.csv` beside the items, where it is."""
    beside = Path(path).with_name(Path(path).name.split(".")[0].replace("items", "expected") + ".csv")
    if not beside.exists() or "expected" not in beside.name:
        return {}
    column = "boxes_keepflat" if keeps_flat else "boxes_3d"
    return {row["order"]: int(row[column]) for _, row in _rows(beside, ("order", column))}


def containers(path, *, best=None):
    """Return [Container] of a file of the OR-Library (Bischoff & Ratcliff 1995; thpack): how many problems, then of
    each: number (and seed), the container's sides, how many kinds, and of each kind its number, three sides with
    whether each may stand upright, quantity.
    """
    lines = [line for line in read(path).splitlines() if line.strip()]
    known = _best_known(path, best)
    found, at = [], 1
    try:
        while at < len(lines):
            number, size, kinds = int(lines[at].split()[0]), _numbers(lines[at + 1])[:3], int(lines[at + 2])
            cargo = [_cargo(_numbers(line)) for line in lines[at + 3 : at + 3 + kinds]]
            found.append(Container(number, tuple(size), cargo, known.get(number)))
            at += 3 + kinds
    except (ValueError, IndexError) as error:
        raise CommandError(f"{path}, line {at + 1}: no problem of the OR-Library's kind ({error}).") from error
    return found


def _cargo(row):
    _, length, stands, width, stands_wide, height, stands_high, quantity = row
    flags = (stands, stands_wide, stands_high)
    mask = sum(bits for bits, may in zip(UPRIGHT_BITS, flags, strict=True) if may)
    return Cargo(Piece((length, width, height), rotation=mask), quantity)


def _best_known(path, best):
    """Return {problem: percent} of a CSV that is named, or of `best_known_….csv` beside the file."""
    stem = re.sub(r"^orlib_", "", Path(path).name.split(".")[0])
    beside = Path(best) if best else Path(path).with_name(f"best_known_{stem}.csv")
    if not best and not beside.exists():
        return {}
    column = "best_known_utilisation_pct"
    return {int(row["problem"]): float(row[column]) for _, row in _rows(beside, ("problem", column))}


def _numbers(line):
    return [int(word) for word in line.split()]


def _rows(path, columns):
    """Yield (row number, {column: text}); raises CommandError for a file without the columns."""
    rows = csv.DictReader(read(path).splitlines())
    lacking = [column for column in columns if column not in (rows.fieldnames or ())]
    if lacking:
        raise CommandError(f"{path}: no column {', '.join(lacking)}.")
    yield from enumerate(rows, start=2)
