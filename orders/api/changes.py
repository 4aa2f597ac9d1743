"""Changing an order: a set of changes is previewed with its money, then applied, or thrown away."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from oms.lib.api.etags import IF_MATCH, expected_version, with_etag
from oms.lib.api.line_ids import line_ids
from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows
from orders.api import represent
from orders.api.filters import of_order
from orders.api.serializers import AddressIn, Amount
from orders.models import Order, OrderChange
from orders.services import change as changing
from orders.services.intake import MOST_LINES, MOST_PIECES


class AddIn(StrictSerializer):
    sku = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)
    unit_price = Amount(required=False, allow_null=True, help_text="without it, the channel's price list holds")


class ChangeIn(StrictSerializer):
    """What is to be another; what is left out stays."""

    ship_to = AddressIn(required=False)
    bill_to = AddressIn(required=False)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    method = serializers.ChoiceField([Order.Method.STANDARD, Order.Method.EXPRESS], required=False)
    purchase_order = serializers.CharField(max_length=60, required=False, allow_blank=True)
    gift_message = serializers.CharField(max_length=500, required=False, allow_blank=True)
    customer_note = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    quantities = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_PIECES),
        required=False,
        allow_empty=False,
        help_text="{line id: pieces it shall have}; 0 takes it off",
    )
    add = AddIn(many=True, required=False, allow_empty=False, max_length=MOST_LINES)


class ChangeOut(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    delta = serializers.SerializerMethodField(help_text="what the customer owes more, or less when negative")
    currency = serializers.CharField(source="order.currency")
    operations = serializers.JSONField(help_text="what was asked for")
    created_at = serializers.DateTimeField(source="at")

    class Meta:
        model = OrderChange
        fields = ["id", "order", "status", "base_version", "operations", "delta", "currency", "created_at"]
        fields += ["applied_at"]

    def get_delta(self, row) -> str:
        return represent.amount(row.delta)


class ChangeFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)
    status = django_filters.MultipleChoiceFilter(choices=OrderChange.Status.choices)

    class Meta:
        model = OrderChange
        fields = []


class OrderChanges(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Changes of your orders: previewed, applied, thrown away or stale. A preview is made at the order."""

    queryset = OrderChange.objects.select_related("order")
    serializer_class = ChangeOut
    filterset_class = ChangeFilter
    partner_path = "order__partner"
    scopes = {"GET": "orders:read", "POST": "orders:write"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=None, responses=ChangeOut, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def apply(self, request, pk):
        """Carry a previewed change out; 412 when the order or its money moved since: preview it again."""
        change = self.get_object()
        order = changing.apply(change.pk, actor=request.user.actor, version=expected_version(request))
        return with_etag(Response(ChangeOut(self.get_object()).data), order.version)

    @extend_schema(request=None, responses=ChangeOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def reject(self, request, pk):
        """Throw a preview away."""
        changing.reject(self.get_object().pk)
        return Response(ChangeOut(self.get_object()).data)


def preview(order, data, *, actor, version):
    """Return the OrderChange of validated `data`; raises Invalid when it would change nothing."""
    if not data:
        raise Invalid("Say what is to be changed.", field="operations")
    if "quantities" in data:
        data["quantities"] = {str(pk): n for pk, n in line_ids(data["quantities"], "quantities").items()}
    for new in data.get("add", []):
        if new.get("unit_price") is not None:
            new["unit_price"] = str(new["unit_price"])
    return changing.preview(order.pk, data, actor=actor, version=version)
