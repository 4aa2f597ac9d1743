"""A checked file is imported, some orders in a transaction; whatever stops a worker, the next goes on there."""

import time
from itertools import islice

from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import Invalid, Retry
from oms.outbox.publish import publish
from orders.imports.sheets import figures
from orders.imports.sheets.check import end, judged_of, opened
from orders.imports.sheets.known import NEW, PLACED, REFUSED, WAITS
from orders.imports.sheets.receive import forget_file
from orders.models import ChannelOrder, SheetUpload
from orders.services.place_many import place_many
from orders.services.receive_document import receive

TOGETHER = 100  # orders in a transaction
BUDGET_S = 120  # then another delivery goes on, so that none outlasts its lease
Status = SheetUpload.Status


def take(upload_id, *, actor):
    """Import a started upload for BUDGET_S, then have another delivery go on.

    A second call goes on where the first was stopped: how far it is stands beside what it did.
    """
    upload = SheetUpload.objects.select_related("connection__channel__seller").get(pk=upload_id)
    if upload.status != Status.QUEUED:
        return
    until = time.monotonic() + BUDGET_S
    try:
        with opened(upload) as (groups, orders):
            for batch in chunks(islice(groups, upload.position, None), TOGETHER):
                if time.monotonic() > until:
                    _go_on(upload, actor=actor)
                    return
                upload = _take(upload, orders, batch, actor=actor)
    except Invalid as error:
        end(upload.pk, Status.FAILED, error=error.message)
        forget_file(upload.pk)
    else:
        end(upload.pk, Status.DONE)
        forget_file(upload.pk)


@command
def _take(upload, orders, batch, *, actor):
    """Do what comes next, `batch` ([(key, rows)]), unless another worker did it; returns the upload as it is then."""
    locked = SheetUpload.objects.lock(upload.pk)
    locked.connection = upload.connection
    if (locked.status, locked.position) != (Status.QUEUED, upload.position):
        # This delivery is tried again, and goes on where the other one ended.
        raise RuntimeError(f"Another worker imports file {upload.pk}.")
    judged, refused = judged_of(orders, locked.connection, batch)
    new = [one for one in judged if one.outcome == NEW]
    for one, result in zip(new, place_many([one.order_in for one in new], actor=actor), strict=True):
        _settle(one, result)
    _remember(locked.connection, [one for one in new if one.outcome == PLACED])
    for one in judged:
        if one.outcome == WAITS:
            receive(locked.connection, body=one.body, delivery_id=one.delivery_id, topic=upload.name)
    refused += [(one.rows, one.refusals) for one in judged if one.outcome == REFUSED]
    figures.add(locked, [one.outcome for one in judged if one.outcome != REFUSED], refused)
    return locked


def _settle(one, result):
    """Note what placing a Judged order came to: an Order, or what was wrong."""
    if isinstance(result, Retry):
        raise result
    if isinstance(result, Exception):
        one.refuse(result)
    else:
        one.outcome, one.order = PLACED, result


def _remember(connection, placed):
    """Keep what the file said of each Judged order that was placed, for the next file to be compared with."""
    new = []
    for one in placed:
        if one.record:
            one.record.order, one.record.said = one.order, one.record.said | one.said
            one.record.save(update_fields=["order", "said"])
        else:
            new.append(ChannelOrder(connection=connection, external_id=one.key, order=one.order, said=one.said))
    ChannelOrder.objects.bulk_create(new)


@command
def _go_on(upload, *, actor):
    publish("sheet.started", upload.subject, actor=actor, upload=upload.pk)
