"""A spreadsheet from the console: received, its columns named, checked and imported by a worker, or forgotten."""

from datetime import timedelta
from itertools import islice

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.sheet import Sheet
from oms.lib.text import clean
from oms.outbox.publish import publish
from orders.channels.registry import SPREADSHEET
from orders.imports.sheets import figures
from orders.models import SheetMapping, SheetUpload

MOST_BYTES = 20 * 2**20
FIRST_ROWS = 5
KEPT = timedelta(days=7)
Status = SheetUpload.Status


def receive(file, *, connection, user):
    """Keep an uploaded `file` of a spreadsheet connection; returns the SheetUpload, whose columns are to be named.

    Raises Invalid when it is too large, or no table; then nothing is kept.
    """
    if connection.kind != SPREADSHEET:
        raise Invalid("This channel's orders come from a shop, not from files.", field="connection")
    if file.size > MOST_BYTES:
        raise Invalid(f"The file is over {MOST_BYTES // 2**20} MB: split it.", field="file")
    sheet = Sheet(file)
    rows = [[clean(cell) for cell in cells] for _, cells, _ in islice(sheet, FIRST_ROWS)]
    if not rows:
        raise Invalid("There is no row below the titles.", field="file")
    upload = SheetUpload(connection=connection, name=file.name[:200], uploaded_by=user)
    upload.header, upload.first_rows = sheet.header, rows
    file.seek(0)
    upload.file.save(file.name, file, save=False)
    upload.save(force_insert=True)
    return upload


@command
def choose_columns(upload_id, mapping, *, actor):
    """Save what an upload's columns mean for the next files too, and have it checked.

    Raises InvalidTransition when it is being imported, or was.
    """
    upload = SheetUpload.objects.lock(upload_id)
    upload.mapping = mapping
    upload.move_to(Status.CHECKING)
    figures.begin(upload, 0)
    defaults = mapping | {"saved_at": timezone.now()}
    SheetMapping.objects.update_or_create(connection=upload.connection, defaults=defaults)
    publish("sheet.mapped", upload.subject, actor=actor, upload=upload.pk)
    return upload


@command
def start(upload_id, *, actor):
    """Have a worker import a checked upload; raises InvalidTransition when that cannot be."""
    upload = SheetUpload.objects.lock(upload_id)
    if upload.connection.is_shadow:
        raise InvalidTransition("This connection is a shadow and places nothing: take the tick away first.")
    upload.move_to(Status.QUEUED)
    figures.begin(upload, upload.figures["orders"])
    publish("sheet.started", upload.subject, actor=actor, upload=upload.pk)
    return upload


def discard(upload_id):
    """Forget an upload that is not being imported, with its file and rows."""
    _discard(upload_id)
    forget_file(upload_id)


def forget_due():
    """Forget what nobody went on with for a week, the files of what has ended, and a week later its refused rows."""
    before = timezone.now() - KEPT
    for pk in SheetUpload.objects.forgotten(before).values_list("pk", flat=True):
        discard(pk)
    for pk in SheetUpload.objects.ended().exclude(file="").values_list("pk", flat=True):
        forget_file(pk)
    for upload in SheetUpload.objects.ended().filter(created_at__lt=before, refusals__isnull=False).distinct():
        upload.refusals.all().delete()


def forget_file(upload_id):
    """Delete the file of an upload that has ended, and the rows that it began with."""
    upload = SheetUpload.objects.get(pk=upload_id)
    upload.file.delete(save=False)
    upload.first_rows = []
    upload.save(update_fields=["file", "first_rows"])


@command
def _discard(upload_id):
    upload = SheetUpload.objects.lock(upload_id)
    upload.move_to(Status.DISCARDED)
    upload.refusals.all().delete()
