"""Documents of a shop as Shopify sends them, of one order; and an inbox to put them in."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from orders.models import Connection
from orders.services.receive_document import receive
from tests.deliver import deliver
from tests.make import make_channel
from tests.orders.channels.documents.lately import LATELY

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = {
    "first_name": "Ann",
    "last_name": "Miller",
    "address1": "Unter den Linden 1",
    "city": "Berlin",
    "zip": "10117",
    "country_code": "DE",
}
numbers = count(1)


def make_connection(*, kind="shopify", is_shadow=False, secret="s3cret", **fields):
    connection = Connection(channel=make_channel(**fields), kind=kind, is_shadow=is_shadow)
    connection.secret = secret
    connection.save()
    return connection


def line(sku, quantity=1, price="9.50", *, pk=None, tax="0", **fields):
    return {
        "id": pk or int.from_bytes(sku.encode()[-6:], "big"),
        "sku": sku,
        "name": f"The {sku}",
        "quantity": quantity,
        "price": price,
        "tax_lines": [{"price": tax}],
    } | fields


def order(*lines, pk=5001, minutes=0, shipping="4.90", **fields):
    """An order that was updated so many minutes after it began; paid unless `financial_status` says otherwise."""
    goods = sum(Decimal(row["price"]) * row["quantity"] - Decimal(row.get("total_discount", 0)) for row in lines)
    tax = sum(Decimal(one["price"]) for row in lines for one in row["tax_lines"])
    return {
        "id": pk,
        "name": f"#{pk - 4000}",
        "currency": "EUR",
        "email": "ann@example.com",
        "financial_status": "paid",
        "taxes_included": True,
        "total_tax": f"{tax}",
        "total_price": f"{goods + Decimal(shipping)}",
        "shipping_lines": [{"title": "DHL", "price": shipping, "tax_lines": []}],
        "line_items": list(lines),
        "shipping_address": BERLIN,
        "created_at": f"{LATELY}T09:00:00Z",
        "updated_at": (BEGIN + timedelta(minutes=minutes)).isoformat(),
    } | fields


def refund(amount, *lines, pk=71, order_pk=5001, restock_type="no_restock"):
    """A refund of so much, for lines of an order."""
    return {
        "id": pk,
        "order_id": order_pk,
        "note": "broken",
        "transactions": [{"kind": "refund", "status": "success", "amount": amount}],
        "refund_line_items": [
            {
                "line_item_id": row["id"],
                "quantity": row["quantity"],
                "subtotal": str(Decimal(row["price"]) * row["quantity"]),
                "restock_type": restock_type,
            }
            for row in lines
        ],
    }


def receive_only(connection, document, **options):
    """Store a document, as a delivery of its own, and return it; nothing of it is done yet."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    options = {"delivery_id": f"d{next(numbers)}"} | options
    return receive(connection, body=body, **options)[0]


def take(connection, document, **options):
    """Store a document and have it worked with all that follows; returns it as it is then."""
    stored = receive_only(connection, document, **options)
    deliver()
    stored.refresh_from_db()
    return stored
