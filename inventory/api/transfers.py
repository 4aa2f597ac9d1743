"""Transfers as the partner sees them to whose location they come: what is on the way, and what of it arrived."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from inventory.models import Transfer, TransferLine
from inventory.services import receive_transfer
from inventory.services.stock import MOST_PIECES
from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows

ANNOUNCED = (Transfer.Status.READY, Transfer.Status.SHIPPED, Transfer.Status.RECEIVED)


class TransferLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code")
    name = serializers.CharField(source="sku.name")
    missing = serializers.IntegerField(help_text="pieces that left and did not come yet")

    class Meta:
        model = TransferLine
        fields = ["id", "sku", "name", "quantity", "shipped", "received", "damaged", "over", "missing"]


class TransferOut(serializers.ModelSerializer):
    number = serializers.CharField()
    source = serializers.CharField(source="source.code")
    target = serializers.CharField(source="target.code", help_text="your location")
    lines = TransferLineOut(many=True)

    class Meta:
        model = Transfer
        fields = ["number", "status", "source", "target", "expected_on", "note", "shipped_at", "received_at", "lines"]


class ArrivedIn(StrictSerializer):
    line = serializers.IntegerField(min_value=1)
    received = serializers.IntegerField(min_value=0, max_value=MOST_PIECES, help_text="fit pieces")
    damaged = serializers.IntegerField(min_value=0, max_value=MOST_PIECES, default=0, help_text="unfit pieces beside")


class ReceiveIn(StrictSerializer):
    lines = ArrivedIn(many=True, allow_empty=False, max_length=500)
    is_all = serializers.BooleanField(default=True, help_text="false: the rest may still come")


class TransferFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=[(one.value, one.label) for one in ANNOUNCED])

    class Meta:
        model = Transfer
        fields = []


class Transfers(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Goods of ours that come to your locations: say what arrived."""

    queryset = (
        Transfer.objects.filter(status__in=ANNOUNCED).select_related("source", "target").prefetch_related("lines__sku")
    )
    serializer_class = TransferOut
    filterset_class = TransferFilter
    partner_path = "target__partner"
    scopes = {"GET": "transfers:read", "POST": "transfers:write"}
    lookup_field = "number"
    lookup_value_regex = r"[Tt]\d{1,17}"

    def get_object(self):
        transfer = self.get_queryset().filter(pk=int(self.kwargs["number"][1:])).first()
        if transfer is None:
            raise NotFound("There is no such transfer to you.")
        return transfer

    @extend_schema(request=ReceiveIn, responses=TransferOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def receive(self, request, number):
        """Say what arrived of which line: fit pieces are on hand at once, damaged ones in quarantine."""
        transfer, data = self.get_object(), ReceiveIn.read(request.data)
        arrived = {row["line"]: (row["received"], row["damaged"]) for row in data["lines"]}
        if len(arrived) < len(data["lines"]):
            raise Invalid("Name each line once.", field="lines")
        receive_transfer.receive(transfer.pk, arrived, is_all=data["is_all"], actor=request.user.actor)
        return Response(TransferOut(self.get_object()).data)
