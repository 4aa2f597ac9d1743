"""Purchase orders as the partner sees them to whose location they come: what was announced, and what arrived."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from inventory.api.purchases import NoticeOut, SentOrders
from inventory.models import PurchaseLine, PurchaseOrder
from inventory.services.identify import Identity
from inventory.services.receive_lines import Arrived, receive_lines
from inventory.services.stock import MOST_PIECES
from oms.lib.api.serializers import StrictSerializer
from oms.partners.idempotency import idempotent


class DeliveryLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code")
    name = serializers.CharField(source="sku.name")
    tracking = serializers.CharField(source="sku.tracking", help_text="lot or serial: say which when it arrives")

    class Meta:
        model = PurchaseLine
        fields = ["id", "sku", "name", "tracking", "supplier_code", "quantity", "received", "expected_on"]


class DeliveryOut(serializers.ModelSerializer):
    number = serializers.CharField()
    location = serializers.CharField(source="location.code", help_text="your location")
    supplier = serializers.CharField(source="supplier.name")
    lines = DeliveryLineOut(many=True)
    shipments = NoticeOut(source="notices", many=True, help_text="what the supplier announced")

    class Meta:
        model = PurchaseOrder
        fields = ["number", "status", "location", "supplier", "note", "sent_at", "lines", "shipments"]


class DeliveredLineIn(StrictSerializer):
    line = serializers.IntegerField(min_value=1, max_value=2**53)
    received = serializers.IntegerField(min_value=0, max_value=MOST_PIECES, help_text="fit pieces")
    damaged = serializers.IntegerField(min_value=0, max_value=MOST_PIECES, default=0, help_text="unfit pieces beside")
    lot = serializers.CharField(max_length=40, required=False, help_text="where the SKU is kept by lot")
    expires_on = serializers.DateField(required=False, help_text="of the lot")
    serials = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=1000, required=False, help_text="the number of each"
    )


class DeliveredIn(StrictSerializer):
    delivery_note = serializers.CharField(max_length=60, required=False, allow_blank=True)
    lines = DeliveredLineIn(many=True, allow_empty=False, max_length=500)


class DeliveryFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=PurchaseOrder.Status.choices)
    delivery_note = django_filters.CharFilter(field_name="notices__delivery_note", distinct=True, max_length=60)

    class Meta:
        model = PurchaseOrder
        fields = []


class Deliveries(SentOrders):
    """Goods that suppliers send to your locations: say what arrived. What they cost is not shown."""

    serializer_class = DeliveryOut
    filterset_class = DeliveryFilter
    partner_path = "location__partner"
    scopes = {"GET": "transfers:read", "POST": "transfers:write"}

    @extend_schema(request=DeliveredIn, responses=DeliveryOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def receive(self, request, number):
        """Say what arrived: fit pieces are on hand at once, damaged ones in quarantine; the rest may still come."""
        order, data = self.get_object(), DeliveredIn.read(request.data)
        arrived = [
            Arrived(
                row["line"],
                row["received"],
                row["damaged"],
                Identity(row.get("lot", ""), row.get("expires_on"), row.get("serials", [])),
            )
            for row in data["lines"]
        ]
        receive_lines(order.pk, arrived, note=data.get("delivery_note", ""), actor=request.user.actor)
        return Response(DeliveryOut(self.get_object()).data)
