"""What channels and trading partners sent us, and we partners, is emptied word for word when it is old and settled.

The rows stay: what came is known again, and the timeline says what became of it. What is refused or waits is kept.
"""

import hashlib
import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from oms.lib.commands import command
from orders.models import ChannelDocument, EdiDocument, EdiInterchange, Order
from orders.services.edi_folders import folder_of
from orders.services.take_up_files import put_away

logger = logging.getLogger(__name__)

AT_ONCE = 200  # rows in a transaction
MOST = 20_000  # in one run
Status = ChannelDocument.Status
SETTLED = Q(status__in=[Status.DONE, Status.IGNORED])
# What an order may still be answered, announced or billed by is needed until it is over.
OVER = Q(order=None) | Q(order__status__in=[Order.Status.CLOSED, Order.Status.CANCELLED])


def empty_due():
    """Empty what is older than RAW_KEPT_DAYS, a bounded lot a run; returns how many were emptied. 0 days: nothing."""
    if not settings.RAW_KEPT_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.RAW_KEPT_DAYS)
    return sum(_in_batches(empty, before) for empty in (_empty_received, _empty_sent))


def _in_batches(empty, before):
    count = 0
    while count < MOST:
        emptied = empty(before)
        count += emptied
        if emptied < AT_ONCE:
            break
    return count


def to_empty(before):
    """Return the documents that have a body of their own and came before a moment, all in them settled."""
    parts = ChannelDocument.objects.filter(whole=OuterRef("pk"))
    rows = ChannelDocument.objects.filter(SETTLED, OVER, emptied_at=None, whole=None, received_at__lt=before)
    return rows.filter(~Exists(parts.exclude(SETTLED & OVER)))


@command
def _empty_received(before):
    """Empty some documents; their parts are locked too, so that none of them is replayed meanwhile."""
    pks = list(to_empty(before).order_by("received_at").values_list("pk", flat=True)[:AT_ONCE])
    rows = ChannelDocument.objects.filter(Q(pk__in=pks) | Q(whole__in=pks)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    pks = list(to_empty(before).filter(pk__in=pks).values_list("pk", flat=True))
    for row in EdiInterchange.objects.filter(document__in=pks, moved_at__isnull=False).select_related("partner"):
        _delete_file(row)
    return ChannelDocument.objects.filter(pk__in=pks).update(body=b"", emptied_at=timezone.now())


@command
def _empty_sent(before):
    """Empty some files that were written to a partner's outbox."""
    rows = EdiDocument.objects.filter(OVER, emptied_at=None, written_at__lt=before, created_at__lt=before)
    pks = list(rows.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])
    return EdiDocument.objects.filter(pk__in=pks, emptied_at=None).update(body="", emptied_at=timezone.now())


def _delete_file(row):
    """Delete the file of an interchange where it was put away; another one under its name is left alone."""
    try:
        for path in put_away(folder_of(row.partner.inbox), row):
            if path.is_file() and hashlib.sha256(Path(path).read_bytes()).hexdigest() == row.sha256:
                path.unlink()
    except OSError as error:
        logger.warning("the file %s of %s stays: %s", row.file_name, row.partner, error)
