"""A file is worked, some orders in a transaction; whatever stops a worker, the next goes on there."""

import shutil
import tempfile
import time
from contextlib import contextmanager
from itertools import islice

from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.sheet import Sheet
from oms.outbox.publish import publish
from orders.imports.index import Index
from orders.imports.records import Refused
from orders.imports.sheets.known import judge
from orders.imports.sheets.orders import SheetOrders
from orders.imports.sheets.receive import forget_file
from orders.models import SheetMapping, SheetUpload

TOGETHER = 100  # orders in a transaction
BUDGET_S = 120  # then another delivery goes on, so that none outlasts its lease
MOST_ERROR = 300
Status = SheetUpload.Status
# What an upload becomes of being worked, and the event by which a worker goes on with it.
ENDS = {Status.CHECKING: (Status.CHECKED, "sheet.mapped"), Status.QUEUED: (Status.DONE, "sheet.started")}


def work(upload_id, status, step, *, actor):
    """Do `step` with what comes next of an upload of that status for BUDGET_S, then have another delivery go on.

    `step(upload, orders, batch)` is a command that takes the upload with `locked`, does `batch` ([(key, rows)]) of a
    SheetOrders and returns the upload as it is then. A second call goes on where the first was stopped: how far it is
    stands beside what it did.
    """
    upload = SheetUpload.objects.select_related("connection__channel__seller").get(pk=upload_id)
    if upload.status != status:
        return
    until, (ended, event) = time.monotonic() + BUDGET_S, ENDS[status]
    try:
        with _opened(upload) as (groups, orders):
            for batch in chunks(islice(groups, upload.position, None), TOGETHER):
                if time.monotonic() > until:
                    _go_on(upload, event, actor=actor)
                    return
                upload = step(upload, orders, batch)
    except Invalid as error:
        _end(upload.pk, Status.FAILED, error=error.message)
    else:
        _end(upload.pk, ended)


def locked(upload):
    """Return an upload locked; raises RuntimeError where another worker did what comes next of it."""
    found = SheetUpload.objects.lock(upload.pk)
    found.connection = upload.connection
    if (found.status, found.position) != (upload.status, upload.position):
        # This delivery is tried again, and goes on where the other one ended.
        raise RuntimeError(f"Another worker is at file {upload.pk}.")
    return found


def judged_of(orders, connection, batch):
    """Return ([Judged] of the orders that can be read, [(rows, refusals)] of the others)."""
    documents, refused = [], []
    for key, rows in batch:
        try:
            documents.append((key, rows, orders.document(key, rows)))
        except Refused as error:
            refused.append((rows, error.refusals))
    return judge(connection, orders.channels, documents), refused


@contextmanager
def _opened(upload):
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


@command
def _go_on(upload, event, *, actor):
    publish(event, upload.subject, actor=actor, upload=upload.pk)


def _end(upload_id, status, *, error=""):
    """Say how it ended; the file is kept only of what is still to be imported."""
    _move(upload_id, status, error[:MOST_ERROR])
    if status != Status.CHECKED:
        forget_file(upload_id)


@command
def _move(upload_id, status, error):
    upload = SheetUpload.objects.lock(upload_id)
    upload.error = error
    upload.move_to(status)
