"""What 3PLs get of their work, and what they report."""

from rest_framework import serializers

from fulfilment.models import FulfilmentLine, FulfilmentOrder, Parcel, ParcelLine
from oms.lib.api.serializers import StrictSerializer


def pieces_field(**kwargs):
    """Return a field of {line id: pieces}."""
    child = serializers.IntegerField(min_value=1, max_value=1_000_000)
    return serializers.DictField(child=child, allow_empty=False, **kwargs)


class FulfilmentLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code")
    name = serializers.CharField(source="order_line.name")
    personalisation = serializers.CharField(source="order_line.personalisation")
    quantity = serializers.IntegerField(source="allocation.quantity")

    class Meta:
        model = FulfilmentLine
        fields = ["id", "sku", "name", "personalisation", "quantity", "picked", "packed", "shipped", "stopped"]


class FulfilmentOrderOut(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    location = serializers.CharField(source="location.code")
    ship_to = serializers.JSONField(source="order.ship_to")
    phone = serializers.CharField(source="order.phone")
    gift_message = serializers.CharField(source="order.gift_message")
    shipping_method = serializers.CharField(source="order.method")
    is_held = serializers.BooleanField(source="order.is_held")
    asks_to_cancel = serializers.SerializerMethodField(help_text="answer it with answer-cancel")
    lines = FulfilmentLineOut(many=True)

    class Meta:
        model = FulfilmentOrder
        fields = ["id", "order", "location", "status", "method", "shipping_method", "priority", "ship_by", "is_held"]
        fields += ["asks_to_cancel", "ship_to", "phone", "gift_message", "created_at", "shipped_at", "lines"]

    def get_asks_to_cancel(self, row) -> bool:
        return any(line.stopped for line in row.lines.all())


class ParcelLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code")

    class Meta:
        model = ParcelLine
        fields = ["sku", "quantity"]


class ParcelOut(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    carrier = serializers.CharField(source="carrier.code", default=None, allow_null=True)
    tracking_url = serializers.CharField()
    lines = ParcelLineOut(many=True)

    class Meta:
        model = Parcel
        fields = ["id", "order", "fulfilment_order", "number", "status", "carrier", "service", "tracking_number"]
        fields += ["tracking_url", "weight_g", "shipped_at", "delivered_at", "lines"]


class RejectIn(StrictSerializer):
    reason = serializers.CharField(max_length=200)
    lines = pieces_field(required=False, help_text="{line id: pieces}; without it, all")


class ShortIn(StrictSerializer):
    lines = pieces_field(help_text="{line id: pieces that are not there, or not fit}")
    reason = serializers.ChoiceField(["missing", "damaged"])


class ParcelIn(StrictSerializer):
    pieces = pieces_field(help_text="{line id: pieces}")
    carrier = serializers.CharField(max_length=20, required=False, allow_blank=True)
    service = serializers.CharField(max_length=40, required=False, allow_blank=True)
    tracking_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    weight_g = serializers.IntegerField(min_value=1, max_value=10_000_000, required=False)


class ShipIn(StrictSerializer):
    parcels = ParcelIn(many=True, allow_empty=False, max_length=100)


class AnswerIn(StrictSerializer):
    accept = serializers.BooleanField(help_text="true: the goods stay; false: they have left or must")
