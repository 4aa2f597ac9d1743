"""What waits in the stock: tiles of those who answer for it."""

from inventory.models import CountSession
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
