"""What an order is before it is one: the shapes that every channel, form and import fills in."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from oms.lib.errors import Invalid
from oms.lib.world import COUNTRIES
from orders.models import Channel, Order, OrderCharge

ADDRESS_FIELDS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")
MOST_LINES = 500
MOST_PIECES = 1_000_000


@dataclass
class LineIn:
    """So many pieces of a SKU; no price: the channel's own. `discount` is off the whole line.

    `tax` is what the channel took for the whole line; None: what the tax table says.
    """

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    discount: Decimal = Decimal(0)
    name: str = ""
    external_id: str = ""
    personalisation: str = ""
    tax: Decimal | None = None


@dataclass
class ChargeIn:
    """Shipping, a fee …; `amount` with tax where the order's prices include it, `tax` as for a line."""

    kind: str
    amount: Decimal
    name: str = ""
    tax: Decimal | None = None


@dataclass
class DiscountIn:
    """Money off the goods of the whole order."""

    amount: Decimal
    name: str = "Discount"
    code: str = ""


@dataclass
class PaymentIn:
    """What the channel has taken already, or may take: `state` is "authorised" or "captured"."""

    amount: Decimal
    method: str = ""
    reference: str = ""
    state: str = "captured"


@dataclass
class OrderIn:
    """One order as a channel states it. `gross` and `tax` are the channel's own totals, where it has them.

    `prices_include_tax` None: as the channel's do. `is_lenient`: it may lack an address, and is held for one.
    `is_imported`: it comes out of a file, and may be years old.
    """

    channel: Channel
    external_id: str
    lines: list[LineIn]
    charges: list[ChargeIn] = field(default_factory=list)
    discounts: list[DiscountIn] = field(default_factory=list)
    payments: list[PaymentIn] = field(default_factory=list)
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    account: str = ""
    ship_to: dict = field(default_factory=dict)
    bill_to: dict = field(default_factory=dict)
    locale: str = ""
    method: str = Order.Method.STANDARD
    pickup_location: str = ""
    priority: int = Order.Priority.NORMAL
    purchase_order: str = ""
    gift_message: str = ""
    customer_note: str = ""
    ordered_at: datetime | None = None
    gross: Decimal | None = None
    tax: Decimal | None = None
    external_number: str = ""
    prices_include_tax: bool | None = None
    is_lenient: bool = False
    is_imported: bool = False

    def __post_init__(self):
        if self.prices_include_tax is None:
            self.prices_include_tax = self.channel.prices_include_tax

    @property
    def tax_is_stated(self):
        """Whether the channel says what tax it took."""
        return any(row.tax is not None for row in (*self.lines, *self.charges))


def clean(order_in):
    """Normalise `order_in` in place: e-mail, phone, addresses. Raises Invalid, naming the field."""
    if not order_in.external_id or len(order_in.external_id) > 60:
        raise Invalid("Give the order's id at its channel, at most 60 characters.", field="external_id")
    clean_contacts(order_in)
    check_lines(order_in.lines)
    _check_choices(order_in)
    return order_in


def clean_contacts(order_in):
    """Normalise in place who the order is for and where it goes. Raises Invalid, naming the field."""
    is_needed = needs_address(order_in) and not order_in.is_lenient
    order_in.ship_to = clean_address(order_in.ship_to, "ship_to", required=is_needed)
    is_needed = bool(order_in.bill_to) and not order_in.is_lenient
    order_in.bill_to = clean_address(order_in.bill_to, "bill_to", required=is_needed)
    order_in.email = clean_email(order_in.email)
    order_in.phone = clean_phone(order_in.phone, order_in.ship_to.get("country", ""))
    order_in.vat_id = re.sub(r"[\s.-]", "", order_in.vat_id).upper()
    order_in.locale = order_in.locale or order_in.channel.locale
    return order_in


def needs_address(order_in):
    return order_in.method in (Order.Method.STANDARD, Order.Method.EXPRESS)


def clean_email(email):
    """Return `email` trimmed, in lower case; raises Invalid when no mail could reach it."""
    email = email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid("This is no e-mail address.", field="email") from None
    return email


def clean_phone(phone, country):
    """Return `phone` as E.164 (+4930123456) where it can be read as a number of `country`, else trimmed.

    Raises Invalid when there is no digit in it.
    """
    phone = phone.strip()
    if not phone:
        return ""
    if not any(char.isdigit() for char in phone):
        raise Invalid("This is no phone number.", field="phone")
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return phone[:40]
    if not phonenumbers.is_possible_number(number):
        return phone[:40]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_address(address, where, *, required):
    """Return `address` with its known fields, trimmed, the country in upper case; raises Invalid.

    `required`: the country, the first line and the city must be there.
    """
    unknown = set(address) - set(ADDRESS_FIELDS)
    if unknown:
        raise Invalid(f"Unknown: {', '.join(sorted(unknown))}.", field=where)
    kept = {name: " ".join(str(address[name] or "").split()) for name in ADDRESS_FIELDS if address.get(name)}
    for name, text in kept.items():
        if len(text) > 200:
            raise Invalid("At most 200 characters.", field=f"{where}.{name}")
    for name in ("country", "line1", "city") if required else ():
        if not kept.get(name):
            raise Invalid("This is missing.", field=f"{where}.{name}")
    country = kept["country"] = kept.get("country", "").upper()
    if country and country not in COUNTRIES:
        raise Invalid(f"{country} is no ISO 3166 country code.", field=f"{where}.country")
    return kept if country else {name: text for name, text in kept.items() if text}


def check_lines(lines):
    """Raise Invalid, naming the line, for too many lines, no pieces, negative prices."""
    if not lines:
        raise Invalid("An order needs at least one line.", field="lines")
    if len(lines) > MOST_LINES:
        raise Invalid(f"At most {MOST_LINES} lines.", field="lines")
    for i, line in enumerate(lines):
        if not 0 < line.quantity <= MOST_PIECES:
            raise Invalid(f"Between 1 and {MOST_PIECES} pieces.", field=f"lines.{i}.quantity")
        if line.unit_price is not None and line.unit_price < 0:
            raise Invalid("A price cannot be negative.", field=f"lines.{i}.unit_price")
        if line.discount < 0:
            raise Invalid("A discount cannot be negative.", field=f"lines.{i}.discount")


def _check_choices(order_in):
    if order_in.method not in Order.Method.values:
        raise Invalid(f"Choose one of {', '.join(Order.Method.values)}.", field="method")
    if order_in.priority not in Order.Priority.values:
        raise Invalid(f"Choose one of {Order.Priority.values}.", field="priority")
    for i, charge in enumerate(order_in.charges):
        if charge.kind not in OrderCharge.Kind.values:
            raise Invalid(f"Choose one of {', '.join(OrderCharge.Kind.values)}.", field=f"charges.{i}.kind")
