"""A CSV from the console: received and checked at once, imported by a worker, forgotten if nobody says so."""

import shutil
import tempfile
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.outbox.publish import publish
from orders.imports.index import Index
from orders.imports.run import Options, run
from orders.models import OrderUpload

MOST_BYTES = 10 * 2**20
MOST_ROWS = {False: 50_000, True: 10_000}  # live ones take longer: all must be done within a lease
MOST_SHOWN = 200
KEPT = timedelta(days=7)
ENDINGS = (".csv", ".gz", ".xz")


def receive(file, *, channel, is_live, user):
    """Keep an uploaded `file` and say what importing it would do; returns the OrderUpload, CHECKED.

    Raises Invalid when it is too large, or no table of orders; then nothing is kept.
    """
    if not file.name.lower().endswith(ENDINGS):
        raise Invalid("Choose a .csv file, or one packed as .gz or .xz.", field="file")
    if file.size > MOST_BYTES:
        raise Invalid(f"The file is over {MOST_BYTES // 2**20} MB: ask for `manage.py import_orders`.", field="file")
    upload = OrderUpload(channel=channel, name=file.name[:200], is_live=is_live, uploaded_by=user)
    upload.report, upload.refused = _run(upload, file, dry_run=True)
    upload.file.save(file.name, file, save=False)
    upload.save(force_insert=True)
    return upload


@command
def start(upload_id, *, actor):
    """Have a worker import a checked upload; raises InvalidTransition when it was started or discarded before."""
    upload = OrderUpload.objects.lock(upload_id)
    upload.move_to(OrderUpload.Status.QUEUED)
    publish("upload.started", upload.subject, actor=actor, upload=upload.pk)
    return upload


def discard(upload_id):
    """Forget a checked upload and its file; raises InvalidTransition when it was started before."""
    _forget_file(_end(upload_id, OrderUpload.Status.DISCARDED))


def import_upload(upload_id, *, actor):
    """Import a started upload and record how it went; a second call goes on where the first was stopped."""
    upload = OrderUpload.objects.select_related("channel__seller").get(pk=upload_id)
    if upload.status != OrderUpload.Status.QUEUED:
        return
    try:
        with upload.file.open("rb") as file:
            upload.report, upload.refused = _run(upload, file, actor=actor)
    except Invalid as error:
        _forget_file(_end(upload_id, OrderUpload.Status.FAILED, error=error.message[:300]))
        return
    told = {"report": upload.report, "refused": upload.refused}
    _forget_file(_end(upload_id, OrderUpload.Status.DONE, **told))


def discard_forgotten():
    """Discard what nobody started within a week, and the files of those who died before they could."""
    for upload in OrderUpload.objects.forgotten(timezone.now() - KEPT):
        discard(upload.pk)
    for upload in OrderUpload.objects.ended().exclude(file=""):
        _forget_file(upload)


@command
def _end(upload_id, status, **told):
    upload = OrderUpload.objects.lock(upload_id)
    for name, value in told.items():
        setattr(upload, name, value)
    upload.move_to(status)
    return upload


def _forget_file(upload):
    """Delete the file of an upload that has ended: after the commit, which might have failed."""
    upload.file.delete()


def _run(upload, file, *, dry_run=False, actor="system"):
    """Run the import of an open `file`; returns (figures, the first refused rows)."""
    most = MOST_ROWS[upload.is_live]
    with tempfile.TemporaryDirectory(prefix="upload-") as folder, Index() as index:
        path = Path(folder) / f"upload{Path(file.name).suffix.lower()}"
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        file.seek(0)
        options = Options(path=path, channel=upload.channel.code, format="csv", live=upload.is_live)
        report = run(index, replace(options, dry_run=dry_run, actor=actor), progress=at_most(most))
        return report.figures(), [asdict(one) for one in islice(index.refusals(), MOST_SHOWN)]


def at_most(most):
    """Return a progress for `run` that raises Invalid when the file has more rows than `most`."""

    def count(label, items, total):
        for number, item in enumerate(items, start=1):
            if label == "reading" and number > most:
                raise Invalid(f"The file has over {most} rows: split it.", field="file")
            yield item

    return count
