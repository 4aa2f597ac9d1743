"""The queues of a buyer's home page."""

from django.utils import timezone

from inventory.models import Proposal, PurchaseLine, PurchaseOrder, StockAlert
from oms.queue import Queue

PURCHASES = "admin:inventory_purchaseorder_changelist"


def purchases(status):
    """Return the rows of a queue of purchase orders that are at `status`."""
    return lambda: PurchaseOrder.objects.filter(status=status)


def purchases_overdue():
    return PurchaseLine.objects.late(timezone.localdate())


PURCHASES_TO_APPROVE = Queue(
    "Purchase orders to approve",
    "drafts that wait for somebody's yes",
    purchases(PurchaseOrder.Status.DRAFT),
    PURCHASES,
    "status__exact=draft",
    permission="inventory.approve_purchaseorder",
    tone="warn",
)
PURCHASES_TO_SEND = Queue(
    "Purchase orders to send",
    "approved, the supplier does not know",
    purchases(PurchaseOrder.Status.APPROVED),
    PURCHASES,
    "status__exact=approved",
    permission="inventory.send_purchaseorder",
    tone="warn",
)
PURCHASES_UNCONFIRMED = Queue(
    "Not confirmed",
    "sent, the supplier has not named a day",
    purchases(PurchaseOrder.Status.SENT),
    PURCHASES,
    "status__exact=sent",
    permission="inventory.change_purchaseorder",
)
PURCHASES_OVERDUE = Queue(
    "Overdue goods",
    "lines that should have come, with the orders they hurt",
    purchases_overdue,
    "buying:overdue",
    permission="inventory.view_purchaseorder",
    tone="bad",
)
PROPOSALS = Queue(
    "To buy again",
    "proposals of the night, by supplier",
    Proposal.objects.open,
    "replenish:proposals",
    permission="inventory.view_proposal",
)

LOW_STOCK = Queue(
    "Low stock",
    "at or below its reorder point, and nothing is coming",
    StockAlert.objects.low,
    "admin:inventory_stockalert_changelist",
    "kind__exact=low&closed_at__isempty=1",
    permission="inventory.view_stockalert",
    tone="warn",
)

QUEUES = [PROPOSALS, LOW_STOCK, PURCHASES_OVERDUE, PURCHASES_TO_APPROVE, PURCHASES_TO_SEND, PURCHASES_UNCONFIRMED]
