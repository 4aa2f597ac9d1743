"""What waits in the stock: tiles of those who answer for it."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import CountSession, Lot, StockAlert
from oms.queue import Queue

TO_APPROVE = Queue(
    "Counts to approve",
    "their differences are worth much",
    CountSession.objects.to_approve,
    "admin:inventory_countsession_changelist",
    "status__exact=to_approve",
    permission="inventory.approve_count",
    tone="warn",
)
TO_COUNT = Queue(
    "To count",
    "opened, or to be counted again",
    CountSession.objects.open,
    "admin:inventory_countsession_changelist",
    "status__in=open,recount",
    permission="inventory.count_stock",
)


def expiring():
    return Lot.objects.in_stock().expiring(timezone.localdate() + timedelta(days=30))


EXPIRING = Queue(
    "Expired or expiring",
    "lots in stock, within 30 days",
    expiring,
    "admin:inventory_lot_changelist",
    "expiry=soon",
    permission="inventory.view_lot",
    tone="warn",
)
DRIFTING = Queue(
    "Keeps missing",
    "pieces that counts and short picks could not explain, always too few",
    StockAlert.objects.drifting,
    "admin:inventory_stockalert_changelist",
    "kind__exact=drift&closed_at__isempty=1",
    permission="inventory.view_stockalert",
    tone="bad",
)
