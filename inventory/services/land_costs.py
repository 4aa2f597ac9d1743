"""Landed cost: the freight and duty of a delivery, spread over what it brought."""

from collections import defaultdict

from django.utils import timezone

from inventory.models import PurchaseOrder, Receipt
from inventory.services import average_cost
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.money import UNIT, spread
from oms.outbox.publish import publish


@command
def land(receipt_id, *, freight, duty, currency, actor):
    """Spread `freight` and `duty` (in our `currency`) of a delivery over its lines by value; once.

    Each line's `landed_cost` is what one piece cost in the end, and the average costs move along; pieces
    sold meanwhile keep their share. No goods join the delivery afterwards.
    Raises InvalidTransition when it was done, Invalid for amounts below zero.
    """
    receipt = _lock(receipt_id)
    if receipt.costed_at:
        raise InvalidTransition(f"Freight and duty of {receipt} were entered on {receipt.costed_at:%Y-%m-%d}.")
    for field, amount in (("freight", freight), ("duty", duty)):
        if amount < 0:
            raise Invalid("An amount cannot be below zero.", field=field)
    lines = list(receipt.lines.order_by("pk"))
    if not lines:
        raise Invalid(f"{receipt} has no goods to carry the costs.", field="freight")
    shares = spread(freight + duty, [line.pieces * line.cost for line in lines], currency)
    for line, share in zip(lines, shares, strict=True):
        line.landed_cost = (line.cost + share / line.pieces).quantize(UNIT)
        line.save(update_fields=["landed_cost"])
    receipt.freight, receipt.duty, receipt.costed_at = freight, duty, timezone.now()
    receipt.save(update_fields=["freight", "duty", "costed_at"])
    _average(lines, shares)
    publish("receipt.costed", f"receipt:{receipt.pk}", actor=actor, receipt=receipt.pk)
    return receipt


def _lock(receipt_id):
    """The purchase order's lock guards its receipts; a blind one is locked itself."""
    receipt = Receipt.objects.get(pk=receipt_id)
    if receipt.order_id:
        PurchaseOrder.objects.lock(receipt.order_id)
    return Receipt.objects.select_for_update(of=("self",)).get(pk=receipt_id)


def _average(lines, shares):
    amounts, pieces = defaultdict(int), defaultdict(int)
    for line, share in zip(lines, shares, strict=True):
        amounts[line.sku_id] += share
        pieces[line.sku_id] += line.pieces
    for sku_id, sku in average_cost.lock(amounts).items():
        average_cost.add_costs(sku, amounts[sku_id], pieces[sku_id])
