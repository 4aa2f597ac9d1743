"""What became of a file's orders so far, in numbers, and its refused rows."""

from collections import Counter

from oms.lib.text import clean
from orders.imports.sheets.fields import BY_NAME
from orders.models import SheetRefusal

# orders, placed, waits (for a SKU), unchanged, refused: orders; refused_rows: rows.
COUNTS = ("placed", "waits", "unchanged", "refused", "refused_rows")


def begin(upload, orders):
    """Count anew: nothing is done yet of so many orders, and nothing refused."""
    upload.refusals.all().delete()
    upload.position = 0
    upload.figures = {"orders": orders} | dict.fromkeys(COUNTS, 0)
    upload.save(update_fields=["position", "figures"])


def add(upload, outcomes, refused):
    """Add `outcomes` ([one of COUNTS]) of a locked upload's next orders; `refused` is [(rows, refusals)] of others."""
    counts = Counter(outcomes)
    rows = [row for each in refused for row in _rows(upload, *each)]
    counts += {"refused": len(refused), "refused_rows": len(rows)}
    upload.figures = {name: count + counts[name] for name, count in upload.figures.items()}
    upload.position += len(outcomes) + len(refused)
    upload.save(update_fields=["position", "figures"])
    SheetRefusal.objects.bulk_create(rows, batch_size=200)


def _rows(upload, rows, refusals):
    places = {name: upload.header.index(title) for name, title in upload.mapping["columns"].items()}
    problems = {}
    for one in refusals:
        problems.setdefault(one.row, []).append(_problem(one, places))
    return [
        SheetRefusal(
            upload=upload,
            row=row.number,
            order=row.key[:100],
            cells=[clean(cell) for cell in row.fields["cells"]],
            problems=problems[row.number],
        )
        for row in rows
        if row.number in problems
    ]


def _problem(one, places):
    """Return [index of the cell, why]; what no column says is of the row as a whole, and named."""
    if one.field in places:
        return [places[one.field], one.reason]
    label = f"{BY_NAME[one.field].label}: " if one.field in BY_NAME else ""
    return [-1, f"{label}{one.reason}"]
