"""A CSV from the console: checked at once, taken when somebody says so, all that was shown or nothing of it."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone

from inventory.imports.floor_plan import FloorBins
from inventory.imports.skus import Skus
from inventory.imports.stock import Stock, beginning
from inventory.models import TableUpload
from oms.lib import row_import
from oms.lib.checked_upload import check_file
from oms.lib.commands import command
from oms.lib.csv import Reader
from oms.lib.errors import Invalid

MOST_ROWS = 2_000  # they are taken in one transaction while somebody waits
KEPT = timedelta(days=7)
ORDER = ("refused", "changed", "created", "unchanged")


def receive(file, *, kind, user, location=None, counted_on=None):
    """Keep an uploaded `file` and say row by row what taking it would do; returns the TableUpload.

    Raises Invalid when it is too large, or no such table; then nothing is kept. What nobody took within
    KEPT is forgotten.
    """
    check_file(file)
    upload = TableUpload(
        kind=kind, location=location, counted_on=counted_on, name=file.name[:200], content=file.read(), uploaded_by=user
    )
    upload.rows = _run(upload, dry_run=True)
    upload.save(force_insert=True)
    TableUpload.objects.forgotten(timezone.now() - KEPT).delete()
    return upload


@command
def take(upload_id, *, actor):
    """Write the rows of a checked upload that were shown as good, and return it.

    Raises InvalidTransition when it was taken before, and Invalid when it would not do any more what was
    shown, because others changed something since; then nothing is written.
    """
    upload = TableUpload.objects.lock(upload_id)
    upload.finish()
    if _run(upload, actor=actor) != upload.rows:
        raise Invalid("Something was changed since this was checked. Look again: it has been checked anew.")
    upload.drop_table()
    return upload


def check_again(upload_id):
    """Show what taking an upload would do now; one that was taken stays as it is."""
    upload = TableUpload.objects.get(pk=upload_id)
    if upload.status == TableUpload.Status.CHECKED:
        upload.rows = _run(upload, dry_run=True)
        TableUpload.objects.filter(pk=upload_id, status=TableUpload.Status.CHECKED).update(rows=upload.rows)


def table_of(upload, *, actor="system"):
    """Return the row_import.Table that takes the rows of an upload."""
    if upload.kind == TableUpload.Kind.SKUS:
        return Skus()
    if upload.kind == TableUpload.Kind.PLAN:
        return FloorBins(upload.location)
    counted_at = beginning(upload.counted_on, upload.location)
    return Stock(upload.location, counted_at=counted_at, actor=actor)


def _run(upload, *, dry_run=False, actor="system"):
    """Return what became of the rows, as TableUpload has it; the refused first."""
    table, codes = table_of(upload, actor=actor), {}
    reader = Reader(BytesIO(bytes(upload.content)), name=upload.name, required=table.required, known=table.known)
    report = row_import.run(_noted(reader, table, codes), table, dry_run=dry_run, max_rows=MOST_ROWS)
    rows = [[line, outcome, codes[line], detail] for line, (outcome, detail) in report.outcomes.items()]
    rows += [[line, "refused", codes[line], why] for line, why in report.refused]
    return sorted(rows, key=lambda row: (ORDER.index(row[1]), row[0]))


def _noted(reader, table, codes):
    """Yield the rows of `reader`, having noted in `codes` what each is about."""
    for line, cells, problem in reader:
        codes[line] = " ".join(
            cells.get(column, "")[:40] for column in dict.fromkeys([table.required[0], "bin"])
        ).strip()
        yield line, cells, problem
