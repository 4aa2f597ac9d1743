"""Goods as somebody types them: suggested by code, barcode or name, with price and availability. Reads only."""

from django.db.models import Q
from django.utils import timezone

from inventory.models import Sku
from inventory.services.availability import sellable
from oms.lib.money import show
from orders.models import Price

MOST_SHOWN = 8


def suggest(text, *, channel_id=""):
    """Return up to MOST_SHOWN {"code", "name", "available", "price"}; the price is "" where the channel has none."""
    if not text:
        return []
    by_code = Sku.objects.active().filter(Q(code__istartswith=text) | Q(barcodes__code=text.upper()))
    found = list(by_code.distinct().order_by("code")[:MOST_SHOWN])
    if len(found) < MOST_SHOWN and len(text) > 2:
        by_name = Sku.objects.active().filter(name__icontains=text).exclude(pk__in=[sku.pk for sku in found])
        found += by_name.order_by("code")[: MOST_SHOWN - len(found)]
    stock, prices = sellable(sku.code for sku in found), _prices(found, channel_id)
    return [
        {
            "code": sku.code,
            "name": sku.name,
            "available": stock[sku.code.upper()].pieces,
            "price": prices.get(sku.pk, ""),
        }
        for sku in found
    ]


def _prices(skus, channel_id):
    """Return {sku id: price of one piece now, as people read it}; the latest row stands."""
    if not channel_id.isdigit():
        return {}
    rows = Price.objects.current(timezone.now()).filter(channel=int(channel_id), sku__in=skus, min_qty=1)
    rows = rows.order_by("valid_from").values_list("sku_id", "amount", "channel__currency")
    return {sku_id: show(amount, currency) for sku_id, amount, currency in rows}
