"""What partners send and get of orders. Serializers check shape; the services check the rest."""

from decimal import Decimal

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.lib.api.serializers import StrictSerializer
from oms.lib.money import LIMIT
from orders.models import Order, OrderCharge
from orders.services.intake import MOST_LINES, MOST_PIECES


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d{1,12}(\.\d{1,4})?$"})
class Amount(serializers.DecimalField):
    """Money as text with up to 4 decimals: "9.50"."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_digits": 16, "decimal_places": 4, "max_value": LIMIT - 1, "min_value": 0} | kwargs)


class AddressIn(StrictSerializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    company = serializers.CharField(max_length=200, required=False, allow_blank=True)
    line1 = serializers.CharField(max_length=200, required=False, allow_blank=True)
    line2 = serializers.CharField(max_length=200, required=False, allow_blank=True)
    city = serializers.CharField(max_length=200, required=False, allow_blank=True)
    region = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=20, required=False, allow_blank=True)
    country = serializers.CharField(max_length=2, help_text="ISO 3166")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


class OrderLineIn(StrictSerializer):
    sku = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)
    unit_price = Amount(required=False, allow_null=True, help_text="without it, the channel's price list holds")
    discount = Amount(required=False, help_text="off the whole line")
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    external_id = serializers.CharField(max_length=60, required=False, allow_blank=True)
    personalisation = serializers.CharField(max_length=500, required=False, allow_blank=True)


class OrderChargeIn(StrictSerializer):
    kind = serializers.ChoiceField(["shipping", "fee", "tip", "duty"])
    amount = Amount(help_text="with tax where the channel's prices include it")
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)


class DiscountIn(StrictSerializer):
    amount = Amount(help_text="off the goods of the whole order")
    name = serializers.CharField(max_length=100, required=False)
    code = serializers.CharField(max_length=60, required=False, allow_blank=True)


class PaymentIn(StrictSerializer):
    amount = Amount(min_value=Decimal("0.01"))
    method = serializers.CharField(max_length=40, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    state = serializers.ChoiceField(["authorised", "captured"], default="captured")


class OrderIn(StrictSerializer):
    channel = serializers.CharField(max_length=20, help_text="the code of a channel of yours")
    external_id = serializers.CharField(max_length=60, help_text="your own id: the same one is the same order")
    lines = OrderLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    charges = OrderChargeIn(many=True, required=False, max_length=20)
    discounts = DiscountIn(many=True, required=False, max_length=20)
    payments = PaymentIn(many=True, required=False, max_length=10)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    vat_id = serializers.CharField(max_length=20, required=False, allow_blank=True)
    ship_to = AddressIn(required=False)
    bill_to = AddressIn(required=False)
    locale = serializers.ChoiceField(["en", "de"], required=False)
    method = serializers.ChoiceField(Order.Method.choices, required=False)
    pickup_location = serializers.CharField(max_length=20, required=False, allow_blank=True)
    priority = serializers.ChoiceField(Order.Priority.choices, required=False)
    purchase_order = serializers.CharField(max_length=60, required=False, allow_blank=True)
    gift_message = serializers.CharField(max_length=500, required=False, allow_blank=True)
    customer_note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    ordered_at = serializers.DateTimeField(required=False)
    gross = Amount(required=False, help_text="your total: a difference to ours becomes a rounding charge")


class CancelIn(StrictSerializer):
    reason = serializers.CharField(max_length=100)
    lines = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=MOST_PIECES),
        required=False,
        allow_empty=False,
        help_text="{line id: pieces}; without it, all that is open",
    )


class OrderLineOut(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    external_id = serializers.CharField()
    part_of = serializers.IntegerField(allow_null=True, help_text="the line of the kit that this is a part of")
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    discount = serializers.CharField()
    tax_rate = serializers.CharField()
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()
    cancelled = serializers.IntegerField()
    on_floor = serializers.IntegerField()
    shipped = serializers.IntegerField()
    delivered = serializers.IntegerField()
    returned = serializers.IntegerField()


class ChargeOut(serializers.Serializer):
    kind = serializers.ChoiceField(OrderCharge.Kind.choices)
    name = serializers.CharField()
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()


class OrderOut(serializers.Serializer):
    number = serializers.CharField()
    channel = serializers.CharField()
    external_id = serializers.CharField()
    status = serializers.ChoiceField(Order.Status.choices)
    payment_state = serializers.ChoiceField(Order.PaymentState.choices)
    fulfilment_state = serializers.ChoiceField(Order.FulfilmentState.choices)
    return_state = serializers.ChoiceField(Order.ReturnState.choices)
    is_held = serializers.BooleanField()
    cancel_requested_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()
    method = serializers.ChoiceField(Order.Method.choices)
    email = serializers.CharField()
    phone = serializers.CharField()
    ship_to = serializers.DictField(child=serializers.CharField())
    bill_to = serializers.DictField(child=serializers.CharField())
    ordered_at = serializers.DateTimeField()
    promised = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    lines = OrderLineOut(many=True)
    charges = ChargeOut(many=True)
