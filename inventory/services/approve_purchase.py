"""Letting a purchase order go: over its supplier's limit that takes a second person."""

from inventory.models import PurchaseOrder
from inventory.services.draft_purchase import lock_draft
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import show

Status = PurchaseOrder.Status


@command
def approve(order_id, *, actor):
    """Let a draft be sent; one that is approved already stays so.

    Raises Invalid when it is empty, DomainError when it is worth more than the supplier's limit and
    whoever wrote or last changed it approves it himself.
    """
    order = PurchaseOrder.objects.lock(order_id)
    if order.status == Status.APPROVED:
        return order
    order = lock_draft(order_id)
    if not order.lines.exists():
        raise Invalid(f"Purchase order {order} has no lines: add what to order.", field="sku")
    if is_over_limit(order) and actor in (order.created_by, order.changed_by):
        limit = show(order.supplier.approval_over, order.currency)
        raise DomainError(f"Over {limit} a purchase order needs a second person: somebody else must approve it.")
    order.approved_by = actor
    order.move_to(Status.APPROVED)
    order.publish("purchase.approved", actor=actor)
    return order


def is_over_limit(order):
    """Say whether it is worth more than its supplier's limit."""
    limit = order.supplier.approval_over
    return limit is not None and order.total() > limit
