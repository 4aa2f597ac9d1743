"""Goods as somebody types them: suggested by code, barcode or name, with price and availability. Reads only."""

from django.utils import timezone

from inventory.services.availability import sellable
from inventory.services.suggest import matching
from oms.lib.choices import is_key
from oms.lib.money import show
from orders.models import Channel, Price


def suggest(text, *, channel_id=""):
    """Return a few {"code", "name", "available", "price"}; the price is "" where the channel has none."""
    found = matching(text)
    stock = sellable((sku.code for sku in found), keep=_buffer(channel_id))
    prices = _prices(found, channel_id)
    return [
        {
            "code": sku.code,
            "name": sku.name,
            "available": stock[sku.code.upper()].pieces,
            "price": prices.get(sku.pk, ""),
        }
        for sku in found
    ]


def _buffer(channel_id):
    """Return how many pieces of each level the channel does not sell."""
    known = Channel.objects.filter(pk=int(channel_id)) if is_key(channel_id) else Channel.objects.none()
    return known.values_list("buffer", flat=True).first() or 0


def _prices(skus, channel_id):
    """Return {sku id: price of one piece now, as people read it}; the latest row stands."""
    if not is_key(channel_id):
        return {}
    rows = Price.objects.current(timezone.now()).filter(channel=int(channel_id), sku__in=skus, min_qty=1)
    rows = rows.order_by("valid_from").values_list("sku_id", "amount", "channel__currency")
    return {sku_id: show(amount, currency) for sku_id, amount, currency in rows}
