"""Published packing instances: orders and boxes as CSV, containers as the OR-Library writes them."""

import csv
from collections import defaultdict
from pathlib import Path

from django.core.management.base import CommandError

from fulfilment.packing.goods import FREE, UPRIGHT, Box, Piece
from oms.management.bench.picking_files import read

ITEM_COLUMNS = ("order", "qty", "width_mm", "length_mm", "depth_mm", "weight_g")
SIDES = ("width", "length", "depth")
BOX_COLUMNS = (
    "name",
    *(f"{part}_{side}" for part in ("inner", "outer") for side in SIDES),
    "empty_weight_g",
    "max_weight_g",
)


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


def _rows(path, columns):
    """Yield (row number, {column: text}); raises CommandError for a file without the columns."""
    rows = csv.DictReader(read(path).splitlines())
    lacking = [column for column in columns if column not in (rows.fieldnames or ())]
    if lacking:
        raise CommandError(f"{path}: no column {', '.join(lacking)}.")
    yield from enumerate(rows, start=2)
