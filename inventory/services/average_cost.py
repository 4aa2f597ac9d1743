"""What one piece costs us on average: moved by what comes in, in `Sku.unit_cost`.

Moving average (IAS 2, paragraph 27): (pieces there x cost so far + pieces that come x their cost) / all.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from inventory.models import Sku, StockLevel
from oms.lib.money import UNIT


def lock(sku_ids):
    """Return {id: Sku} locked in id order, before any level: who changes a cost sees the last one."""
    rows = Sku.objects.filter(pk__in=sku_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {sku.pk: sku for sku in rows}


def take_in(sku, pieces, cost, *, on_hand):
    """Move the cost of a locked SKU by `pieces` that came for `cost` each to the `on_hand` that were there."""
    before = max(on_hand, 0)
    _set(sku, averaged(before, sku.unit_cost, pieces, cost))


def add_costs(sku, amount, pieces):
    """Add `amount` that `pieces` cost in addition; what of them was sold already bears its share."""
    there = on_hand_of(sku.pk)
    if there > 0 and pieces > 0:
        _set(sku, sku.unit_cost + amount * min(pieces, there) / pieces / there)


def averaged(pieces, cost, more, more_cost):
    """Return the average cost of both lots of pieces, to 4 decimals; pure."""
    total = pieces + more
    return _rounded((pieces * cost + more * more_cost) / Decimal(total)) if total else more_cost


def on_hand_of(sku_id):
    """Return the pieces of a SKU in all locations."""
    return StockLevel.objects.filter(sku=sku_id).aggregate(n=Sum("on_hand", default=0))["n"]


def _set(sku, cost):
    cost = _rounded(cost)
    if cost != sku.unit_cost:
        sku.unit_cost = cost
        Sku.objects.filter(pk=sku.pk).update(unit_cost=cost)


def _rounded(amount):
    return Decimal(amount).quantize(UNIT, rounding=ROUND_HALF_UP)
