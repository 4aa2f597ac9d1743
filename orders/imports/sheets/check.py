"""A file with named columns is checked: what importing each of its orders would do, and which cells stop it."""

import shutil
import tempfile
from contextlib import contextmanager

from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.sheet import Sheet
from orders.imports.index import Index
from orders.imports.records import Refused
from orders.imports.sheets import figures
from orders.imports.sheets.known import NEW, PLACED, REFUSED, judge
from orders.imports.sheets.orders import SheetOrders
from orders.imports.sheets.receive import forget_file
from orders.models import SheetMapping, SheetUpload

AT_ONCE = 200
MOST_ERROR = 300
Status = SheetUpload.Status


def check(upload_id):
    """Count what would become of an upload's orders, and note its refused rows; a second call begins again."""
    upload = SheetUpload.objects.select_related("connection__channel__seller").get(pk=upload_id)
    if upload.status != Status.CHECKING:
        return
    try:
        with opened(upload) as (groups, orders):
            figures.begin(upload, orders.count)
            for batch in chunks(groups, AT_ONCE):
                _note(upload, orders, batch)
    except Invalid as error:
        end(upload.pk, Status.FAILED, error=error.message)
        forget_file(upload.pk)
    else:
        end(upload.pk, Status.CHECKED)


@contextmanager
def opened(upload):
    """Yield ((key, rows) of each order, wherever in the file its rows stand; the SheetOrders that reads them)."""
    mapping, connection = upload.mapping, upload.connection
    with tempfile.TemporaryFile(prefix="sheet-") as file, Index() as index:
        with upload.file.open("rb") as stored:
            shutil.copyfileobj(stored, file)
        is_comma = mapping["decimals"] == SheetMapping.Decimals.COMMA
        sheet = Sheet(file, decimal_mark="," if is_comma else ".")
        orders = SheetOrders(mapping, sheet.header, channel=connection.channel, channels=connection.channels())
        index.fill(orders.rows(sheet), lambda key: 0)
        orders.count = len(index)
        yield index.groups(), orders


def judged_of(orders, connection, batch):
    """Return ([Judged] of the orders that can be read, [(rows, refusals)] of the others)."""
    documents, refused = [], []
    for key, rows in batch:
        try:
            documents.append((key, rows, orders.document(key, rows)))
        except Refused as error:
            refused.append((rows, error.refusals))
    return judge(connection, orders.channels, documents), refused


@command
def _note(upload, orders, batch):
    locked = SheetUpload.objects.lock(upload.pk)
    judged, refused = judged_of(orders, upload.connection, batch)
    refused += [(one.rows, one.refusals) for one in judged if one.outcome == REFUSED]
    outcomes = [PLACED if one.outcome == NEW else one.outcome for one in judged if one.outcome != REFUSED]
    figures.add(locked, outcomes, refused)


@command
def end(upload_id, status, *, error=""):
    """Say how checking or importing ended; returns the upload."""
    upload = SheetUpload.objects.lock(upload_id)
    upload.error = error[:MOST_ERROR]
    if status == Status.CHECKED:
        upload.position = 0
    upload.move_to(status)
    return upload
