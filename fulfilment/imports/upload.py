"""A tracking CSV from the console: checked at once, shipped when somebody says so."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone

from fulfilment.imports import tracking
from fulfilment.models import TrackingUpload
from oms.lib.checked_upload import check_file
from oms.lib.commands import command
from oms.lib.csv import Reader

KEPT = timedelta(days=7)
ORDER = ("refused", "created", "unchanged")


def receive(file, *, location, user):
    """Keep an uploaded `file` and say row by row what would leave `location`; returns the TrackingUpload.

    Raises Invalid when it is too large, or no such table; then nothing is kept. What nobody took within
    KEPT is forgotten.
    """
    check_file(file)
    upload = TrackingUpload(location=location, name=file.name[:200], content=file.read(), uploaded_by=user)
    upload.rows = _run(upload, actor="system", dry_run=True)
    upload.save(force_insert=True)
    TrackingUpload.objects.forgotten(timezone.now() - KEPT).delete()
    return upload


def take(upload_id, *, actor):
    """Ship what the rows of a checked upload report, and return it with what became of them.

    Raises InvalidTransition when it was taken before. Each fulfilment order commits by itself, so a call
    that was killed is made again: what left says so.
    """
    upload = TrackingUpload.objects.select_related("location").get(pk=upload_id)
    upload.check_waiting()
    return _finish(upload_id, _run(upload, actor=actor))


@command
def _finish(upload_id, rows):
    upload = TrackingUpload.objects.lock(upload_id)
    upload.finish()
    upload.rows = rows
    upload.save(update_fields=["rows"])
    upload.drop_table()
    return upload


def _run(upload, *, actor, dry_run=False):
    reader = Reader(BytesIO(bytes(upload.content)), name=upload.name, required=tracking.REQUIRED)
    rows = tracking.take(reader, upload.location, actor=actor, dry_run=dry_run)
    return sorted(rows, key=lambda row: (ORDER.index(row[1]), row[0]))
