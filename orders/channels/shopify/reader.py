"""Which of Shopify's documents is which."""

import re

from oms.lib.errors import Invalid
from orders.channels.base import Document, Incoming, LineQuantity, Other, Refused, ShipmentUpdate, StockUpdate
from orders.channels.reading import Doc
from orders.channels.shapes import Maker, Shape, by_envelope, by_shape, complain, other, unknown
from orders.channels.shopify.fields import ident, need_ident
from orders.channels.shopify.graphql import as_rest, gathered
from orders.channels.shopify.orders import draft, order
from orders.channels.shopify.refunds import refund

WHO = "Shopify"


def read(body: Doc) -> list[Document]:
    """Read a body of the Admin API, REST or GraphQL, or of a webhook, from EventBridge too."""
    plain = as_rest(body.value)
    body = body.child(gathered(plain) if isinstance(plain, list) else plain, "")
    if _is_complaint(body):
        complain(WHO, *_errors(body.at("errors")), body.text("error"))
    if body.has("detail"):
        body = body.at("detail", "payload")
    if isinstance(body.at("data").value, list):
        body = body.at("data")
    elif isinstance(body.at("data").value, dict):
        return _roots(body.at("data"))
    return _documents(body)


def _is_complaint(body: Doc) -> bool:
    """Say whether an answer tells what is wrong; a webhook may too, of what it names by its GraphQL id."""
    names = body.value if isinstance(body.value, dict) else ()
    if any(name.startswith("admin_graphql_api_") for name in names):
        return False
    return body.has("errors") or body.at("data").value is None and body.has("error")


def _documents(body: Doc) -> list[Document]:
    return by_envelope(body, _of_another_name(body) | ENVELOPES, by_shape(SHAPES, WHO))


def _roots(data: Doc) -> list[Document]:
    """Read each of the fields that a query or mutation asked for; one that is refused hides no other."""
    told = {name: part for name, part in data.value.items() if part is not None}
    roots = {name: part for name, part in told.items() if isinstance(part, dict | list)} or told
    found: list[Document] = []
    for name, part in roots.items():
        try:
            found += _documents(_answer(data.child({name: part}, data.path)))
        except Invalid as error:
            found.append(Refused(error.message, Other(about="")))
    return found


def _of_another_name(body: Doc) -> dict[str, Maker]:
    """Return what reads the rest of REST's documents, {"price_rule": {"id": …}}, and what has an alias in GraphQL."""
    name = next(iter(body.value)) if isinstance(body.value, dict) and len(body.value) == 1 else ""
    inner = body.at(name).value if name else None
    inner = inner[0] if isinstance(inner, list) and inner else inner
    ids = [key for key in inner if key == "id" or key.endswith("_id")] if isinstance(inner, dict) else []
    if not ids:
        return {}
    last = other(f"A document of the kind {name[:40]}", "id", *ids[:1])
    return {name: by_shape([*SHAPES[:-1], ((), last)], WHO)}


def _errors(row: Doc) -> list[str]:
    """Return what is wrong: a text, {field: texts}, or objects with a message."""
    if isinstance(row.value, dict):
        return [": ".join((name, *row.at(name).lines())) for name in row.value]
    return [*row.lines(), row.text("message")]


def _answer(data: Doc) -> Doc:
    """Return the part of an answer of GraphQL that holds something: of a mutation, what it made."""
    levels = [level for name in ("inventory_items", "inventory_item") for level in _levels(data.at(name))]
    if levels:
        return data.child({"inventory_levels": levels}, data.path)
    if any(data.has(name) for name in ENVELOPES):
        return data
    made = data.at(*data.value)
    if not isinstance(made.value, dict):
        return data
    for name in made.value:
        if name.endswith("user_errors") and made.has(f"{name}.message"):
            complain(WHO, made.text(name, "message"))
    refund_made = made.at("refund").value
    if made.has("order") and isinstance(refund_made, dict):
        return made.child({"refund": {"order": made.at("order").value} | refund_made}, made.path)
    return made if data.has("node") or any(made.has(name) for name in (*ENVELOPES, *TOLD)) else data


def _levels(items: Doc) -> list[dict]:
    """Return the stock levels that stand in inventory items, each with its item beside it."""
    return [
        {"item": {name: item.at(name).value for name in ("id", "sku")}} | level.value
        for item in items.parts()
        for level in item.rows("inventory_levels")
    ]


def _refund(row: Doc) -> Incoming:
    if row.at("transactions", "kind").value == "suggested_refund" or row.has("shipping") and not row.has("id"):
        return Other(about="What a refund would come to", line_count=row.count("refund_line_items"))
    return refund(row)


def _shipment(row: Doc) -> Incoming:
    tracking = [one.text("number") for one in row.rows("tracking_info")]
    numbers = (*row.codes("tracking_numbers"), *tracking) or (row.text("tracking_number"),)
    return ShipmentUpdate(
        external_id=need_ident(row, "id"),
        number=row.text("name"),
        order_id=ident(row.at("order"), "id") if row.has("order") else _unless_unasked(row, "order_id"),
        status=row.text("status").lower(),
        carrier=row.first(("tracking_company",), ("tracking_info", "company")),
        tracking_numbers=tuple(number for number in numbers if number),
        line_count=max(row.count("line_items"), row.count("fulfillment_line_items")),
        lines=tuple(_shipped(one) for name in LINES for one in row.rows(name)),
        at=row.when(("updated_at",), ("created_at",)),
    )


LINES = ("line_items", "fulfillment_line_items")


def _unless_unasked(row: Doc, name: str) -> str:
    """Return an id that REST always gives, and GraphQL when it is asked for."""
    return ident(row, name) if row.text("id").startswith("gid://") else need_ident(row, name)


def _shipped(row: Doc) -> LineQuantity:
    return LineQuantity(
        line_id=ident(row.at("line_item"), "id") or ident(row, "id"),
        sku=row.first(("sku",), ("line_item", "sku")),
        quantity=row.quantity(("quantity",)),
    )


def _event(row: Doc) -> Incoming:
    """Read what a carrier says of a shipment on its way."""
    return ShipmentUpdate(
        external_id=_unless_unasked(row, "fulfillment_id") or ident(row, "id"),
        order_id=ident(row, "order_id"),
        status=row.text("status").lower(),
        at=row.when(("happened_at",), ("created_at",)),
    )


def _level(row: Doc) -> Incoming:
    if row.value.keys() <= {"inventory_item_id", "location_id", "updated_at"}:
        return Other(about="A location has an item no longer", external_id=ident(row, "inventory_item_id"))
    counted = [one for one in row.rows("quantities") if one.text("name") == "available"]
    return StockUpdate(
        external_id=need_ident(row, "inventory_item_id") if not row.has("item") else ident(row.at("item"), "id"),
        sku=row.text("item", "sku"),
        location=ident(row, "location_id") or ident(row.at("location"), "id"),
        quantity=counted[0].quantity(("quantity",)) if counted else row.quantity(("available",)),
        at=row.when(("updated_at",)),
    )


def _edit(row: Doc) -> Incoming:
    return Other(about="An order was edited: to be fetched", external_id=need_ident(row, "order_id"))


def _order(row: Doc) -> Incoming:
    """Read what has the names of an order, if its id does not say that it is something else."""
    named = GID.match(row.first(("admin_graphql_api_id",), ("id",)))
    return order(row) if not named or named[1] == "Order" else _bare(row)


def _bare(row: Doc) -> Incoming:
    """Read what is none of ours, but says of which kind it is."""
    named = GID.match(row.first(("admin_graphql_api_id",), ("id",)))
    if named:
        return Other(about=f"A document of the kind {named[1]}", external_id=ident(row, "id", "admin_graphql_api_id"))
    if len(row.value) > 2:
        row.refuse(unknown(WHO, row))
    return Other(about="A notice that names an id and no more", external_id=ident(row, "id"))


GID = re.compile(r"gid://shopify/(\w+)/")


TRANSACTION = other("A payment: it comes with its order too", "id")
FULFILMENT_ORDER = other("What a location is asked to ship", "id")
KNOWN: dict[str, Maker] = {
    "customer": other("A customer", "id"),
    "product": other("A product", "id"),
    "variant": other("A variant of a product", "id"),
    "product_variant": other("A variant of a product", "id"),
    "checkout": other("A checkout that is no order yet", "id"),
    "calculated_order": other("An order while it is edited", "id"),
    "return": other("A return", "id"),
    "dispute": other("A dispute about a payment", "id"),
    "payout": other("A payout", "id"),
    "gift_card": other("A gift card", "id"),
    "risk": other("A risk of an order", "id"),
    "webhook": other("A subscription of webhooks", "id"),
    "location": other("A location", "id"),
    "transaction": TRANSACTION,
    "tender_transaction": TRANSACTION,
    "fulfillment_order": FULFILMENT_ORDER,
    "metafield": other("A metafield", "id"),
    "shop": other("The shop", "id"),
    "fulfillment_event": _event,
    "fulfillment": _shipment,
    "inventory_level": _level,
    "inventory_item": other("An inventory item", "id"),
    "draft_order": draft,
    "order": order,
    "refund": _refund,
}
ENVELOPES: dict[str, Maker] = {
    "order_edit": _edit,
    "original_fulfillment_order": FULFILMENT_ORDER,
    "fulfillment_order_merges": FULFILMENT_ORDER,
    "inventory_adjustment_group": other("A change of stock that was asked for"),
    **{name: make for one, make in KNOWN.items() for name in (f"{one}s", one)},
    "inventory_quantities": _level,
}
CHANGED = other("What became of a change that was asked for")
TOLD: dict[str, Maker] = {
    "count": other("A count"),
    "deleted_id": other("Something was deleted", "deleted_id"),
    "user_errors": CHANGED,
    "order_cancel_user_errors": CHANGED,
}
SHAPES: list[Shape] = [
    (("refund_line_items",), _refund),
    (("inventory_item_id", "location_id"), _level),
    (("item", "location"), _level),
    (("fulfillment_id", "happened_at"), _event),
    (("abandoned_checkout_url",), KNOWN["checkout"]),
    (("invoice_url", "line_items"), draft),
    (("tax_exempt", "status", "line_items"), draft),
    (("financial_status",), _order),
    (("display_financial_status",), _order),
    (("total_price", "line_items"), _order),
    (("total_price_set",), _order),
    (("current_total_price_set",), _order),
    (("total_price", "currency"), _order),
    (("order_number",), _order),
    (("assigned_location",), FULFILMENT_ORDER),
    (("assigned_location_id",), FULFILMENT_ORDER),
    (("order_id", "tracking_numbers"), _shipment),
    (("order_id", "line_items"), _shipment),
    (("tracking_info",), _shipment),
    (("kind", "gateway"), TRANSACTION),
    (("remote_reference",), TRANSACTION),
    (("quantity", "price", "title"), other("A line without its order", "id")),
    (("source", "price", "title"), other("A shipping line without its order", "id")),
    (("variants", "title"), KNOWN["product"]),
    (("orders_count", "state"), KNOWN["customer"]),
    (("email", "verified_email"), KNOWN["customer"]),
    (("reason", "evidence_due_by"), KNOWN["dispute"]),
    (("risk_level", "order_id"), KNOWN["risk"]),
    (("token", "line_items"), other("A cart that is no order yet", "id")),
    (("shop_domain", "shop_id"), other("A wish about somebody's data", "shop_id")),
    *(((name,), make) for name, make in TOLD.items()),
    (("id", "line_items"), _order),
    (("price", "title", "id"), other("What shipping would cost", "id")),
    (("admin_graphql_api_id",), _bare),
    (("admin_graphql_api_customer_kept_id",), other("What became of customers that are made one")),
    (("id",), _bare),
]
