"""A connected shop: an order came in, one is of a SKU nobody knows, one was refused. And a partner nobody tells."""

import json
from datetime import timedelta

from django.utils import timezone

from oms.lib.commands import command
from oms.partners.models import Partner
from oms.partners.services.webhooks import add_endpoint, switch_off
from orders.models import Channel, ChannelDay, Connection
from orders.services.receive_document import receive
from orders.services.reconcile_channel import MISSING

# (number, SKU there, currency); the second has to be mapped, of the third currency no channel is.
ORDERS = ((1001, "MUG-WHITE", "EUR"), (1002, "MUG-WHT", "EUR"), (1003, "MUG-WHITE", "USD"))
FIELDS = ("seller", "currency", "brand_name", "brand_color", "support_email", "support_phone")


@command
def make(channel):
    """Connect a shop beside `channel`, of the same seller; a second call changes nothing."""
    shared = {name: getattr(channel, name) for name in FIELDS}
    shop, _ = Channel.objects.get_or_create(code="MUGS", defaults=shared | {"name": "Mug corner", "locale": "en"})
    connection, is_new = Connection.objects.get_or_create(
        channel=shop, defaults={"kind": "shopify", "is_shadow": False}
    )
    if not is_new:
        return
    now = timezone.now()
    for number, sku, currency in ORDERS:
        receive(connection, body=json.dumps(_order(number, sku, currency, now)).encode(), topic="orders/create")
    ChannelDay.objects.create(
        connection=connection,
        day=timezone.localdate() - timedelta(days=1),
        shop_count=len(ORDERS),
        our_count=1,
        differences=[
            {"external_id": str(number), "number": f"#{number}", "what": MISSING} for number, *_ in ORDERS[1:]
        ],
    )
    market = Partner.objects.get(code="MARKET")
    endpoint = add_endpoint(market, url="https://market-square.example/oms", events=["*"])
    switch_off(endpoint.pk, reason="Their server is moving: Ines calls when it is back.")


def _order(number, sku, currency, at):
    """Return an order as Shopify sends it."""
    return {
        "id": number,
        "name": f"#{number}",
        "currency": currency,
        "email": f"guest{number}@mugs.example",
        "financial_status": "paid",
        "taxes_included": True,
        "total_tax": "2.37",
        "total_price": "14.85",
        "shipping_lines": [{"title": "Standard", "price": "4.95", "tax_lines": [{"price": "0.79"}]}],
        "line_items": [
            {
                "id": number,
                "sku": sku,
                "name": "Mug, white",
                "quantity": 1,
                "price": "9.90",
                "tax_lines": [{"price": "1.58"}],
            }
        ],
        "shipping_address": {
            "first_name": "Jonas",
            "last_name": "Weber",
            "address1": "Kastanienallee 22",
            "city": "Berlin",
            "zip": "10435",
            "country_code": "DE",
        },
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
    }
