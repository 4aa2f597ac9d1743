"""Where a SKU stands: what each location has, what comes, who waits."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Sum

from inventory.models import PurchaseLine, PurchaseOrder, StockLevel, Transfer, TransferLine
from oms.lib.plugins import named
from oms.panels import WAITED_FOR


@dataclass
class Supply:
    """Pieces of one SKU at one location; `inbound` are ordered or on a transfer here, `outbound` drafted to leave."""

    on_hand: int = 0
    available: int = 0
    inbound: int = 0
    outbound: int = 0
    waiting: int = 0

    @property
    def position(self):
        """What is there to sell once all has come and everybody who waits is served."""
        return self.available + self.inbound - self.outbound - self.waiting


def supplies(sku_ids):
    """Return {(sku id, location id): Supply}, and those waited for nowhere in particular as {sku id: pieces}.

    Drafts count as ordered: nobody is to be told to order again what lies on somebody's desk. Four statements.
    """
    found = defaultdict(Supply)
    levels = StockLevel.objects.with_available().filter(sku__in=sku_ids).order_by()
    for sku, place, on_hand, available in levels.values_list("sku_id", "location_id", "on_hand", "available"):
        found[sku, place].on_hand, found[sku, place].available = on_hand, available
    lines = PurchaseLine.objects.filter(sku__in=sku_ids, order__in=_open_orders(), quantity__gt=F("received"))
    counted = lines.order_by().values_list("sku_id", "order__location_id")
    for sku, place, pieces in counted.annotate(n=Sum(F("quantity") - F("received"))):
        found[sku, place].inbound += pieces
    _add_transfers(found, sku_ids)
    anywhere = {}
    for (sku, place), pieces in named(WAITED_FOR)(sku_ids).items():
        if place is None:
            anywhere[sku] = pieces
        else:
            found[sku, place].waiting += pieces
    return found, anywhere


def _open_orders():
    return PurchaseOrder.objects.open().values("pk")


def _add_transfers(found, sku_ids):
    """What is drafted counts as asked for, what left as what is still in transit."""
    moving = TransferLine.objects.with_in_transit().filter(sku__in=sku_ids, transfer__status__in=Transfer.MOVING)
    for line in moving.select_related("transfer"):
        has_left = line.transfer.status == Transfer.Status.SHIPPED
        found[line.sku_id, line.transfer.target_id].inbound += line.in_transit if has_left else line.quantity
        if not has_left:
            found[line.sku_id, line.transfer.source_id].outbound += line.quantity - line.reserved
