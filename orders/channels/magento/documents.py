"""Shipments, invoices and stock of Magento, of 1 and 2."""

from orders.channels.base import Incoming, Other, ShipmentUpdate, StockUpdate
from orders.channels.magento.orders import CURRENCY, quantity_of
from orders.channels.reading import Doc, positive

TRACK: list[tuple[str, ...]] = [("track_number",), ("trackNumber",), ("number",)]


def shipment(row: Doc) -> Incoming:
    """Read a shipment, or what asks for one: its order then stands in the address called.

    Adobe's kit for integrations writes the names in camel case.
    """
    tracks = row.rows("tracks")
    is_made = row.has("order_id") or row.has("increment_id") or row.has("orderId") and row.has("id")
    return ShipmentUpdate(
        external_id=row.need(("entity_id",), ("shipment_id",), ("increment_id",), ("id",)) if is_made else "",
        number=row.text("increment_id"),
        order_id=row.need(("order_id",), ("order_increment_id",), ("orderId",)) if is_made else row.text("orderId"),
        status=row.text("shipment_status"),
        carrier=row.first(("tracks", "title"), ("tracks", "carrier_code"), ("tracks", "carrierCode")),
        tracking_numbers=tuple(filter(None, (one.first(*TRACK) for one in tracks))),
        line_count=row.count("items"),
        lines=tuple(quantity_of(one) for one in row.rows("items")),
        at=row.when(("created_at",)),
    )


def invoice(row: Doc) -> Incoming:
    """Read an invoice of Magento's: ours are written here."""
    return Other(
        about="An invoice of Magento's own",
        external_id=row.need(("entity_id",), ("invoice_id",), ("increment_id",)),
        number=row.text("increment_id"),
        currency=row.currency(*CURRENCY),
        total=row.need_amount(("grand_total",)),
        line_count=row.count("items"),
        tax=row.amount("tax_amount"),
        shipping=row.amount("shipping_amount"),
        discount=positive(row.amount("discount_amount")),
    )


def stock(row: Doc) -> Incoming:
    return StockUpdate(
        external_id=row.need(("sku",), ("product_id",), ("item_id",)),
        sku=row.text("sku"),
        location=row.first(("source_code",), ("stock_id",)),
        quantity=row.quantity(
            ("quantity",), ("qty",), ("stock_item", "qty"), ("extension_attributes", "stock_item", "qty")
        ),
    )
