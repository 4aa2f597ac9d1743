"""The form of a phone order, and what it says as an OrderIn."""

from decimal import Decimal, InvalidOperation
from uuid import uuid4

from babel import Locale
from django import forms
from django.db.models import Case, Value, When

from inventory.models import Location
from oms.lib.errors import Invalid
from oms.lib.money import AmountField
from oms.lib.text import one_line
from oms.lib.world import COUNTRIES
from orders.models import Channel, Order
from orders.services.intake import ADDRESS_FIELDS, ChargeIn, DiscountIn, LineIn, OrderIn

# Where an error of a service belongs on the page: prefix of its field -> field of the form.
PLACES = {"ship_to.": "", "charges.": "shipping", "discounts.": "discount", "pickup_location": "pickup_location"}


def new_external_id():
    """Return the id under which a phone order is placed once, however often its form is sent."""
    return f"phone-{uuid4().hex[:12]}"


def countries():
    names = Locale("en").territories
    return [("", "–"), *sorted(((code, names[code]) for code in COUNTRIES), key=lambda pair: pair[1])]


def text(label="", *, most=200, required=False, **attributes):
    widget = forms.TextInput({"autocomplete": "off", **attributes})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


def amount(label):
    return AmountField(
        label=label,
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )


class AddressForm(forms.Form):
    """Where an order goes; the service says what a country's address needs."""

    name = text("Name")
    company = text("Company")
    line1 = text("Street and number")
    line2 = text("Second line")
    postcode = text("Postcode")
    city = text("Town")
    region = text("Region")
    country = forms.ChoiceField(choices=countries, required=False)


class PhoneOrderForm(AddressForm):
    external_id = forms.CharField(max_length=60, widget=forms.HiddenInput)
    channel = forms.ModelChoiceField(Channel.objects.none(), empty_label=None)
    phone = text("Phone", most=40, inputmode="tel", autofocus=True)
    email = text("E-mail", most=254, inputmode="email")
    method = forms.ChoiceField(choices=Order.Method.choices, label="Shipping")
    pickup_location = forms.ChoiceField(required=False, label="Collected at")
    shipping = amount("Shipping costs")
    discount = amount("Discount")
    purchase_order = text("Customer's PO", most=60)
    vat_id = text("VAT id", most=20)
    customer_note = forms.CharField(
        max_length=1000,
        required=False,
        label="What else he said",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first = Case(When(kind=Channel.Kind.PHONE, then=Value(0)), default=Value(1))
        channels = Channel.objects.filter(is_paused=False).select_related("seller")
        self.fields["channel"].queryset = channels.order_by(first, "code")
        stores = Location.objects.active().filter(allows_pickup=True)
        self.fields["pickup_location"].choices = [("", "–"), *((store.code, store.name) for store in stores)]

    def order_in(self, lines):
        """Return the OrderIn that the sound form and `lines` ([LineIn]) state."""
        data = self.cleaned_data
        charges = [ChargeIn("shipping", data["shipping"])] if data["shipping"] else []
        discounts = [DiscountIn(data["discount"])] if data["discount"] else []
        same = ("external_id", "channel", "email", "phone", "method", "pickup_location")
        return OrderIn(
            lines=lines,
            charges=charges,
            discounts=discounts,
            ship_to={name: data[name] for name in ADDRESS_FIELDS if data.get(name) and name != "phone"},
            **{name: data[name] for name in (*same, "purchase_order", "vat_id", "customer_note")},
        )


def lines_of(data):
    """Return the LineIns of the posted rows that name a SKU; raises Invalid, naming the row."""
    rows = zip(data.getlist("sku"), data.getlist("quantity"), data.getlist("price"), strict=False)
    lines = []
    for sku, quantity, price in rows:
        if sku.strip():
            i = len(lines)
            lines.append(LineIn(one_line(sku)[:40], _whole(quantity, i), _price(price, i)))
    return lines


def rows_of(data):
    """Return the posted rows as they were typed, for the form to show again."""
    rows = zip(data.getlist("sku"), data.getlist("quantity"), data.getlist("price"), strict=False)
    return [{"sku": sku, "quantity": quantity, "price": price} for sku, quantity, price in rows if sku.strip()]


def initial_of(order):
    """Return (initial data of the form, its rows) that say what the draft `order` says."""
    address = {name: order.ship_to.get(name, "") for name in ADDRESS_FIELDS if name != "phone"}
    initial = {
        **address,
        "external_id": order.external_id,
        "channel": order.channel_id,
        "phone": order.phone,
        "email": order.email,
        "method": order.method,
        "pickup_location": order.pickup_location.code if order.pickup_location else "",
        "shipping": _sum(charge.gross if order.prices_include_tax else charge.net for charge in order.charges.all()),
        "discount": _sum(discount.amount for discount in order.discounts.all()),
        "purchase_order": order.purchase_order,
        "vat_id": order.vat_id,
        "customer_note": order.customer_note,
    }
    rows = [
        {"sku": line.sku_code, "quantity": line.quantity, "price": line.unit_price.normalize()}
        for line in order.lines.priced()
    ]
    return initial, rows


def place_of(error):
    """Return the field of the form, or "lines", that a DomainError of a service is about; None: the whole."""
    name = error.field or ""
    if name.startswith("lines"):
        return "lines"
    for prefix, field in PLACES.items():
        if name.startswith(prefix):
            return field or name.removeprefix(prefix)
    is_seen = name in PhoneOrderForm.base_fields and name != "external_id"
    return name if is_seen else None


def _whole(text_, i):
    text_ = text_.strip() or "1"
    if not (text_.isascii() and text_.isdigit() and len(text_) < 8):
        raise Invalid("Give a whole number of pieces.", field=f"lines.{i}.quantity")
    return int(text_)


def _price(text_, i):
    if not text_.strip():
        return None
    try:
        price = Decimal(text_.strip().replace(",", "."))
    except InvalidOperation:
        price = None
    if price is None or not price.is_finite() or abs(price) > 10**9 or price.as_tuple().exponent < -4:
        raise Invalid("Give a price, such as 9.50.", field=f"lines.{i}.unit_price")
    return price


def _sum(amounts):
    return sum(amounts, Decimal(0)).normalize() or ""
