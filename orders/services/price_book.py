"""What pricing asks of the catalogue: SKUs, prices and kits, of one order or of many at once."""

from collections import defaultdict

from django.utils import timezone

from inventory.models import KitComponent, Sku
from orders.models import Price


class PriceBook:
    """The catalogue as it stands in the database: a statement a question."""

    def skus(self, codes):
        """Return {upper code: Sku} of `codes`."""
        return Sku.objects.by_codes(codes)

    def prices(self, channel, sku_ids):
        """Return {sku id: current prices of `channel`, in order of `valid_from`}."""
        found = _prices({channel.pk}, sku_ids)
        return {sku_id: rows for (_, sku_id), rows in found.items()}

    def parts(self, kit_ids):
        """Return {kit id: its components, the first written first}."""
        found = defaultdict(list)
        rows = KitComponent.objects.filter(kit__in=kit_ids).select_related("component").order_by("pk")
        for part in rows:
            found[part.kit_id].append(part)
        return found


class ReadOnce(PriceBook):
    """The same for many orders: their goods are read before the first is priced. Three statements at most."""

    def __init__(self, orders_in):
        lines = [(order_in.channel.pk, line) for order_in in orders_in for line in order_in.lines]
        self._skus = super().skus(line.sku for _, line in lines)
        kits = [sku.pk for sku in self._skus.values() if sku.is_kit]
        self._parts = super().parts(kits) if kits else {}
        asked = {
            (channel, sku.pk)
            for channel, line in lines
            if line.unit_price is None and (sku := self._skus.get(line.sku.upper()))
        }
        self._prices = _prices({channel for channel, _ in asked}, {sku for _, sku in asked}) if asked else {}

    def skus(self, codes):
        return self._skus

    def prices(self, channel, sku_ids):
        return {sku_id: self._prices.get((channel.pk, sku_id), []) for sku_id in sku_ids}

    def parts(self, kit_ids):
        return self._parts


AS_IT_IS = PriceBook()


def _prices(channel_ids, sku_ids):
    """Return {(channel id, sku id): current prices, in order of `valid_from`}."""
    found = defaultdict(list)
    rows = Price.objects.current(timezone.now()).filter(channel__in=channel_ids, sku__in=sku_ids)
    for row in rows.order_by("valid_from", "min_qty"):
        found[row.channel_id, row.sku_id].append(row)
    return found
