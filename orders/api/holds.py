"""Holding your orders back, and what you want people to know of them."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows
from orders.api.filters import of_order
from orders.models import Hold, Note, Order
from orders.services import holds, note


class HoldIn(StrictSerializer):
    order = serializers.CharField(max_length=20, help_text="the number of an order of yours")
    reason = serializers.CharField(max_length=300)
    until = serializers.DateTimeField(required=False, allow_null=True, help_text="it ends by itself then")


class ReleaseIn(StrictSerializer):
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class HoldOut(serializers.ModelSerializer):
    """A reason why an order does not move; what others wrote about it is theirs."""

    order = serializers.CharField(source="order.number")
    is_yours = serializers.SerializerMethodField(help_text="you may release it")
    reason = serializers.SerializerMethodField(help_text="empty where it is not yours")

    class Meta:
        model = Hold
        fields = ["id", "order", "kind", "reason", "is_yours", "until", "placed_at", "released_at"]

    def get_is_yours(self, row) -> bool:
        return row.placed_by == self.context["request"].user.actor

    def get_reason(self, row) -> str:
        return row.reason if self.get_is_yours(row) else ""


class HoldFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)
    is_active = django_filters.BooleanFilter(field_name="released_at", lookup_expr="isnull")

    class Meta:
        model = Hold
        fields = []


class Holds(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What keeps your orders from going on. Your own holds you may release; all of them must go."""

    queryset = Hold.objects.select_related("order")
    serializer_class = HoldOut
    filterset_class = HoldFilter
    partner_path = "order__partner"
    scopes = {"GET": "orders:read", "POST": "orders:write"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=HoldIn, responses={201: HoldOut})
    @idempotent
    def create(self, request):
        """Hold an order back until you release it, or until a moment."""
        data = HoldIn.read(request.data)
        if data.get("until") and data["until"] <= timezone.now():
            raise Invalid("This moment is past.", field="until")
        order = own_order(request.user.partner, data["order"])
        hold = holds.put(order.pk, Hold.Kind.MANUAL, data["reason"], until=data.get("until"), actor=request.user.actor)
        answer = Response(self.get_serializer(hold).data, status=201)
        answer["Location"] = f"/api/v1/holds/{hold.pk}"
        return answer

    @extend_schema(request=ReleaseIn, responses=HoldOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def release(self, request, pk):
        """Release a hold of yours; with the last one the order goes on by itself."""
        hold, data = self.get_object(), ReleaseIn.read(request.data)
        if hold.placed_by != request.user.actor:
            raise Invalid("Only who placed a hold releases it; ask the merchant.", field="id")
        holds.release(hold.order_id, hold.pk, note=data.get("note", ""), actor=request.user.actor)
        return Response(self.get_serializer(self.get_object()).data)


class NoteIn(StrictSerializer):
    order = serializers.CharField(max_length=20, help_text="the number of an order of yours")
    text = serializers.CharField(max_length=1000)
    audience = serializers.ChoiceField(Note.Audience.choices, default=Note.Audience.CS)


class NoteOut(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    created_at = serializers.DateTimeField(source="at")

    class Meta:
        model = Note
        fields = ["id", "order", "audience", "text", "created_at"]


class NoteFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)

    class Meta:
        model = Note
        fields = []


class Notes(
    OwnRows,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """What you wrote about your orders, for customer service, pickers, packers, the customer or the label."""

    queryset = Note.objects.select_related("order")
    serializer_class = NoteOut
    filterset_class = NoteFilter
    partner_path = "order__partner"
    scopes = {"GET": "orders:read", "POST": "orders:write", "DELETE": "orders:write"}
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self):
        return super().get_queryset().filter(author=self.request.user.actor)

    @extend_schema(request=NoteIn, responses={201: NoteOut})
    @idempotent
    def create(self, request):
        """Write a note on an order; it pops up where those it is for need it."""
        data = NoteIn.read(request.data)
        order = own_order(request.user.partner, data["order"])
        row = note.write_note(order.pk, data["text"], audience=data["audience"], actor=request.user.actor)
        answer = Response(NoteOut(row).data, status=201)
        answer["Location"] = f"/api/v1/notes/{row.pk}"
        return answer

    def perform_destroy(self, row):
        note.remove_note(row.order_id, row.pk, actor=self.request.user.actor)


def own_order(partner, number):
    """Return the order of the partner that is called `number`; raises Invalid."""
    order = Order.objects.numbered(number).filter(partner=partner).first()
    if order is None:
        raise Invalid("There is no such order of yours.", field="order")
    return order
