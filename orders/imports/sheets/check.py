"""A file with named columns is checked: what importing each of its orders would do, and which cells stop it."""

from oms.lib.commands import command
from orders.imports.sheets import figures
from orders.imports.sheets.known import NEW, PLACED, REFUSED
from orders.imports.sheets.work import judged_of, locked, work
from orders.models import SheetUpload


def check(upload_id, *, actor):
    """Count what would become of an upload's orders, and note its refused rows, as long as `work` says."""
    work(upload_id, SheetUpload.Status.CHECKING, _note, actor=actor)


@command
def _note(upload, orders, batch):
    upload = locked(upload)
    upload.figures["orders"] = orders.count
    judged, refused = judged_of(orders, upload.connection, batch)
    refused += [(one.rows, one.refusals) for one in judged if one.outcome == REFUSED]
    outcomes = [PLACED if one.outcome == NEW else one.outcome for one in judged if one.outcome != REFUSED]
    figures.add(upload, outcomes, refused)
    return upload
