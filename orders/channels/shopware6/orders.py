"""Orders of Shopware 6: a promotion is a line below zero, what a price holds of tax says `taxStatus`.

https://shopware.stoplight.io/docs/admin-api: Order, OrderLineItem, OrderDelivery, OrderTransaction
"""

from decimal import Decimal

from orders.channels.base import (
    ZERO,
    Address,
    Incoming,
    IncomingCharge,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    Other,
    ShipmentUpdate,
)
from orders.channels.reading import Doc, joined, total

TAKEN = {"paid": "captured", "paid_partially": "captured", "refunded": "captured", "authorized": "authorised"}
OFF = ("promotion", "discount", "credit")


def order(row: Doc) -> Incoming:
    items = row.rows("lineItems")
    ship_to = row.at("deliveries", "shippingOrderAddress")
    bill_to = _billing_address(row)
    state = row.text("stateMachineState", "technicalName")
    discount = -total(one.amount("totalPrice") for one in items if one.text("type") in OFF)
    return IncomingOrder(
        external_id=row.need(("id",)),
        number=row.text("orderNumber"),
        currency=_currency(row),
        total=row.need_amount(("amountTotal",), ("price", "totalPrice")),
        line_count=row.count("lineItems"),
        tax=_total_tax(row),
        shipping=row.first_amount(("shippingTotal",), ("shippingCosts", "totalPrice")),
        discount=discount,
        order_discount=discount,
        refunded=_refunded(row),
        buyer=joined(row.text("orderCustomer", "firstName"), row.text("orderCustomer", "lastName")),
        ship_to=_address(ship_to),
        bill_to=_address(bill_to),
        lines=tuple(_line(one) for one in items if one.text("type") not in OFF),
        charges=tuple(_freight(row)),
        payments=tuple(_payments(row)),
        prices_include_tax=row.first(("taxStatus",), ("price", "taxStatus")) != "net",
        email=row.text("orderCustomer", "email"),
        phone=ship_to.text("phoneNumber") or bill_to.text("phoneNumber"),
        note=row.text("customerComment"),
        status=state,
        is_partial=not row.has("lineItems"),
        is_cancelled=state == "cancelled",
        ordered_at=row.when(("orderDateTime",), ("orderDate",), ("createdAt",)),
        updated_at=row.when(("updatedAt",), ("createdAt",)),
    )


def delivery(row: Doc) -> Incoming:
    """Read a delivery: where an order goes, and its tracking numbers once it left."""
    return ShipmentUpdate(
        external_id=row.need(("id",)),
        order_id=row.first(("orderId",), ("shippingOrderAddress", "orderId")),
        status=row.text("stateMachineState", "technicalName"),
        tracking_numbers=row.codes("trackingCodes"),
        shipping=row.amount("shippingCosts", "totalPrice"),
        line_count=row.count("positions"),
        ship_to=_address(row.at("shippingOrderAddress")),
        at=row.when(("updatedAt",), ("createdAt",)),
    )


def line(row: Doc) -> Incoming:
    return Other(about="A line without its order", external_id=row.need(("id",)))


def _currency(row: Doc) -> str:
    """Return the currency; an order that only names its id has it in a document of its own."""
    if row.has("currencyId") and not row.has("currency"):
        return ""
    return row.currency(("currency", "isoCode"), ("currency", "shortName"))


def _total_tax(row: Doc) -> Decimal | None:
    """Return the tax that an order states, else what its total holds beside its net."""
    if row.has("price.calculatedTaxes"):
        return _tax(row)
    owed, net = row.amount("amountTotal"), row.amount("amountNet")
    return None if owed is None or net is None else owed - net


def _tax(row: Doc) -> Decimal:
    return total(one.amount("tax") for one in row.rows("price", "calculatedTaxes"))


def _billing_address(row: Doc) -> Doc:
    wanted = row.text("billingAddressId")
    found = [one for one in row.rows("addresses") if one.text("id") == wanted]
    return found[0] if found else row.at("billingAddress")


def _address(row: Doc) -> Address:
    more = (row.text("additionalAddressLine1"), row.text("additionalAddressLine2"))
    return Address(
        name=joined(row.text("firstName"), row.text("lastName")),
        company=row.text("company"),
        line1=row.text("street"),
        line2=", ".join(filter(None, more)),
        city=row.text("city"),
        region=row.first(("countryState", "shortCode"), ("countryState", "name")),
        postcode=row.text("zipcode"),
        country=row.text("country", "iso"),
        phone=row.text("phoneNumber"),
    )


def _line(row: Doc) -> IncomingLine:
    return IncomingLine(
        external_id=row.need(("id",)),
        sku=row.text("payload", "productNumber"),
        name=row.first(("label",), ("description",)),
        quantity=row.quantity(("quantity",), ("price", "quantity")),
        unit_price=row.first_amount(("unitPrice",), ("price", "unitPrice")),
        amount=row.first_amount(("totalPrice",), ("price", "totalPrice")),
        tax=_tax(row),
        parent_id=row.text("parentId"),
        is_shipped="is-download" not in row.codes("states"),
    )


def _freight(row: Doc) -> list[IncomingCharge]:
    amount = row.first_amount(("shippingTotal",), ("shippingCosts", "totalPrice"))
    name = row.first(("deliveries", "shippingMethod", "name"), ("deliveries", "shippingMethod", "technicalName"))
    tax = total(one.amount("tax") for one in row.rows("shippingCosts", "calculatedTaxes"))
    return [IncomingCharge(kind="shipping", name=name or "Shipping", amount=amount, tax=tax)] if amount else []


def _payments(row: Doc) -> list[IncomingPayment]:
    found = [(one, TAKEN.get(one.text("stateMachineState", "technicalName"))) for one in row.rows("transactions")]
    return [
        IncomingPayment(
            amount=one.amount("amount", "totalPrice") or ZERO,
            method=one.first(("paymentMethod", "name"), ("paymentMethodId",)),
            reference=one.text("id"),
            state=state,
        )
        for one, state in found
        if state
    ]


def _refunded(row: Doc) -> Decimal | None:
    """Return what captures gave back; without any, what of a payment is refunded as a whole; None: a part unknown."""
    transactions = row.rows("transactions")
    refunds = [
        one for payment in transactions for capture in payment.rows("captures") for one in capture.rows("refunds")
    ]
    if refunds:
        return total(one.amount("amount", "totalPrice") for one in refunds)
    if any(one.text("stateMachineState", "technicalName") == "refunded_partially" for one in transactions):
        return None
    whole = [one for one in transactions if one.text("stateMachineState", "technicalName") == "refunded"]
    return total(one.amount("amount", "totalPrice") for one in whole)
