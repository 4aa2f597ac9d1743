"""A checked file is imported."""

from functools import partial

from oms.lib.commands import command
from oms.lib.errors import Retry
from orders.imports.sheets import figures
from orders.imports.sheets.known import NEW, PLACED, REFUSED, WAITS
from orders.imports.sheets.work import judged_of, locked, work
from orders.models import ChannelOrder, SheetUpload
from orders.services.place_many import place_many
from orders.services.receive_document import receive


def take(upload_id, *, actor):
    """Import a started upload, as long as `work` says."""
    work(upload_id, SheetUpload.Status.QUEUED, partial(_take, actor=actor), actor=actor)


@command
def _take(upload, orders, batch, *, actor):
    upload = locked(upload)
    judged, refused = judged_of(orders, upload.connection, batch)
    new = [one for one in judged if one.outcome == NEW]
    for one, result in zip(new, place_many([one.order_in for one in new], actor=actor), strict=True):
        _settle(one, result)
    _remember(upload.connection, [one for one in new if one.outcome == PLACED])
    for one in judged:
        if one.outcome == WAITS:
            receive(upload.connection, body=one.body, delivery_id=one.delivery_id, topic=upload.name)
    refused += [(one.rows, one.refusals) for one in judged if one.outcome == REFUSED]
    figures.add(upload, [one.outcome for one in judged if one.outcome != REFUSED], refused)
    return upload


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
