"""What a basket would cost and when it would arrive, before there is an order."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid
from orders.api import represent
from orders.api.read import of_partner
from orders.api.serializers import AddressIn, ChargeOut, DiscountIn, OrderChargeIn, OrderLineIn
from orders.models import Order
from orders.services.intake import MOST_LINES
from orders.services.quote import options


class QuoteIn(StrictSerializer):
    channel = serializers.CharField(max_length=20, help_text="the code of a channel of yours")
    lines = OrderLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    charges = OrderChargeIn(many=True, required=False, max_length=20)
    discounts = DiscountIn(many=True, required=False, max_length=20)
    ship_to = AddressIn(help_text="country, city and a first line, as of an order")
    vat_id = serializers.CharField(max_length=20, required=False, allow_blank=True)
    pickup_location = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="a store: collecting there is one of the options"
    )


class QuoteLineOut(serializers.Serializer):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    discount = serializers.CharField()
    tax_rate = serializers.CharField()
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()


class PiecesOut(serializers.Serializer):
    location = serializers.CharField()
    pieces = serializers.DictField(child=serializers.IntegerField(), help_text="{SKU: pieces}; a kit by its parts")


class OptionOut(serializers.Serializer):
    """One way to get it. Its totals include what its shipping costs, unless you stated a shipping charge."""

    method = serializers.ChoiceField(Order.Method.choices)
    promised = serializers.DateTimeField(allow_null=True, help_text="null: pieces are missing and nobody knows when")
    shipping = serializers.CharField(help_text="as an order's charge of kind shipping would state it")
    charges = ChargeOut(many=True)
    net = serializers.CharField()
    tax = serializers.CharField()
    gross = serializers.CharField()
    ships_from = PiecesOut(many=True)
    missing = serializers.DictField(child=serializers.IntegerField(), help_text="{SKU: pieces} that nobody has now")


class QuoteOut(serializers.Serializer):
    at = serializers.DateTimeField()
    channel = serializers.CharField()
    currency = serializers.CharField()
    lines = QuoteLineOut(many=True)
    options = OptionOut(many=True)


class Quotes(viewsets.GenericViewSet):
    """What a basket would cost and when it would arrive: no order is made, nothing is reserved."""

    serializer_class = QuoteIn
    filter_backends = []
    pagination_class = None
    scopes = {"POST": "orders:read"}

    @extend_schema(request=QuoteIn, responses={200: QuoteOut})
    def create(self, request):
        """Ask what a basket costs at an address: prices with tax, and for each way to send it whence and when."""
        order_in = of_partner(request.user.partner, QuoteIn.read(request.data) | {"external_id": "quote"})
        found = options(order_in)
        if not found:
            raise Invalid(f"Nothing of it can be sent to {order_in.ship_to['country']}.", field="ship_to.country")
        return Response(
            {
                "at": timezone.now(),
                "channel": order_in.channel.code,
                "currency": order_in.channel.currency,
                "lines": [_line(row) for row in found[0][1].priced.lines if not row.is_part],
                "options": [_option(method, quoted) for method, quoted in found],
            }
        )


def _line(row):
    line = represent.line(row)
    return {name: line[name] for name in QuoteLineOut._declared_fields}


def _option(method, quoted):
    priced = quoted.priced
    return {
        "method": method,
        "promised": represent.moment(quoted.promised),
        "shipping": represent.amount(quoted.shipping),
        "charges": [represent.charge(row) for row in priced.charges],
        **{name: represent.amount(getattr(priced, name)) for name in ("net", "tax", "gross")},
        "ships_from": [{"location": code, "pieces": pieces} for code, pieces in quoted.parcels.items()],
        "missing": {row["code"]: row["pieces"] for row in quoted.short},
    }
