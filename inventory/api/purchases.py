"""Purchase orders as their supplier sees them: its own, once they were sent."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from inventory.models import NoticeLine, PurchaseLine, PurchaseOrder, ShipmentNotice
from inventory.services import announce_shipment, confirm_purchase
from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid, fields_as
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows


class PurchaseLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code", help_text="our code")
    name = serializers.CharField(source="sku.name")
    cost = serializers.DecimalField(max_digits=16, decimal_places=4, help_text="of one piece")

    class Meta:
        model = PurchaseLine
        fields = ["id", "supplier_code", "sku", "name", "quantity", "received", "cost", "expected_on", "confirmed_on"]


class NoticeLineOut(serializers.ModelSerializer):
    line = serializers.IntegerField(source="purchase_line_id")

    class Meta:
        model = NoticeLine
        fields = ["line", "quantity"]


class NoticeOut(serializers.ModelSerializer):
    lines = NoticeLineOut(many=True)

    class Meta:
        model = ShipmentNotice
        fields = ["delivery_note", "carrier", "tracking_number", "arrives_on", "lines"]


class PurchaseOut(serializers.ModelSerializer):
    number = serializers.CharField()
    location = serializers.CharField(source="location.code")
    deliver_to = serializers.JSONField(source="location.address")
    lines = PurchaseLineOut(many=True)
    shipments = NoticeOut(source="notices", many=True, help_text="what you announced")

    class Meta:
        model = PurchaseOrder
        fields = ["number", "status", "location", "deliver_to", "currency", "note", "supplier_reference", "sent_at"]
        fields += ["lines", "shipments"]


class DayIn(StrictSerializer):
    line = serializers.IntegerField(min_value=1)
    confirmed_on = serializers.DateField()


class ConfirmIn(StrictSerializer):
    supplier_reference = serializers.CharField(max_length=60, required=False, help_text="your own number")
    lines = DayIn(many=True, allow_empty=False, max_length=500)


class PiecesIn(StrictSerializer):
    line = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=100_000_000)


class AnnounceIn(StrictSerializer):
    delivery_note = serializers.CharField(max_length=60)
    arrives_on = serializers.DateField()
    carrier = serializers.CharField(max_length=60, required=False, allow_blank=True)
    tracking_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    lines = PiecesIn(many=True, allow_empty=False, max_length=500)


class PurchaseFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=PurchaseOrder.Status.choices)

    class Meta:
        model = PurchaseOrder
        fields = []


class SentOrders(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Purchase orders that were sent, by their number."""

    queryset = (
        PurchaseOrder.objects.filter(sent_at__isnull=False)
        .select_related("location", "supplier")
        .prefetch_related("lines__sku", "notices__lines")
    )
    lookup_field = "number"
    lookup_value_regex = r"[Pp]\d{1,17}"

    def get_object(self):
        order = self.get_queryset().numbered(self.kwargs["number"]).first()
        if order is None:
            raise NotFound("There is no such purchase order of yours.")
        return order


class Purchases(SentOrders):
    """What we ordered from you: confirm the days, announce what you send."""

    serializer_class = PurchaseOut
    filterset_class = PurchaseFilter
    partner_path = "supplier__partner"
    scopes = {"GET": "purchases:read", "POST": "purchases:write"}

    @extend_schema(request=ConfirmIn, responses=PurchaseOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request, number):
        """Say on which day which line comes."""
        order, data = self.get_object(), ConfirmIn.read(request.data)
        days, reference = _by_line(data["lines"], "confirmed_on"), data.get("supplier_reference")
        with fields_as({"confirmed_on": "lines", "reference": "supplier_reference"}):
            confirm_purchase.confirm(order.pk, days, reference=reference, actor=request.user.actor)
        return self._answer()

    @extend_schema(request=AnnounceIn, responses=PurchaseOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def announce(self, request, number):
        """Announce a shipment with its delivery note; the same note again changes nothing."""
        order, data = self.get_object(), AnnounceIn.read(request.data)
        pieces = _by_line(data.pop("lines"), "quantity")
        with fields_as({"confirmed_on": "arrives_on", "pieces": "lines"}):
            announce_shipment.announce(order.pk, pieces, **data, actor=request.user.actor)
        return self._answer()

    def _answer(self):
        return Response(PurchaseOut(self.get_object()).data)


def _by_line(rows, name):
    """Return {line id: what its row says as `name`}; raises Invalid for a line that is named twice."""
    found = {row["line"]: row[name] for row in rows}
    if len(found) < len(rows):
        raise Invalid("Name each line once.", field="lines")
    return found
