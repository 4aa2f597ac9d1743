from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from fulfilment.api import serializers, together
from fulfilment.api.filters import FulfilmentOrderFilter, ParcelFilter
from fulfilment.api.together import parcels_of
from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services import assign, cancel_work, direct, reject, short_reported
from oms.lib.api.line_ids import line_ids
from oms.lib.errors import InvalidTransition, fields_as
from oms.partners.idempotency import idempotent, idempotent_in_parts
from oms.partners.views import OwnRows

OUT = serializers.FulfilmentOrderOut


class FulfilmentOrders(OwnRows, viewsets.ReadOnlyModelViewSet):
    """The work of your locations: what to send, to whom, by when."""

    queryset = (
        FulfilmentOrder.objects.select_related("order", "location")
        .prefetch_related("lines__sku", "lines__order_line", "lines__allocation")
        .exclude(status=FulfilmentOrder.Status.OPEN)
    )
    serializer_class = OUT
    filterset_class = FulfilmentOrderFilter
    partner_path = "location__partner"
    scopes = {"GET": "fulfilment:read", "POST": "fulfilment:write"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=None, responses=OUT)
    @action(detail=True, methods=["post"])
    @idempotent
    def acknowledge(self, request, pk):
        """Take the work on: from now on a cancellation asks you."""
        assign.acknowledge(self.get_object().pk, actor=request.user.actor)
        return self._answer()

    @extend_schema(request=serializers.RejectIn, responses=OUT)
    @action(detail=True, methods=["post"])
    @idempotent
    def reject(self, request, pk):
        """Give all or some pieces back; they are sourced elsewhere."""
        row, data = self.get_object(), serializers.RejectIn.read(self.request.data)
        lines = line_ids(data["lines"], "lines") if "lines" in data else None
        reject.reject(row.pk, lines=lines, reason=data["reason"], actor=request.user.actor)
        return self._answer()

    @extend_schema(request=serializers.ShipIn, responses=OUT)
    @action(detail=True, methods=["post"])
    @idempotent
    def ship(self, request, pk):
        """Report parcels that left; pieces in none of them stay open in a fulfilment order of their own."""
        row, parcels = self.get_object(), parcels_of(serializers.ShipIn.read(self.request.data)["parcels"])
        direct.ship_reported(row.pk, parcels, actor=request.user.actor)
        return self._answer()

    @extend_schema(
        operation_id="v1_fulfilment_orders_acknowledge_many",
        request=together.AcknowledgeManyIn,
        responses=together.WorkResults,
    )
    @action(detail=False, methods=["post"], url_path="acknowledge", filter_backends=[], pagination_class=None)
    @idempotent_in_parts
    def acknowledge_many(self, request):
        """Take up to 100 on, each with a result of its own; one that was taken on already is done."""
        pks, actor = together.AcknowledgeManyIn.read(request.data)["ids"], request.user.actor
        act = lambda i: assign.acknowledge(pks[i], actor=actor)  # noqa: E731
        return Response(together.on_each(self.get_queryset(), pks, act))

    @extend_schema(
        operation_id="v1_fulfilment_orders_ship_many", request=together.ShipManyIn, responses=together.WorkResults
    )
    @action(detail=False, methods=["post"], url_path="ship", filter_backends=[], pagination_class=None)
    @idempotent_in_parts
    def ship_many(self, request):
        """Report the parcels of up to 100, each with a result of its own; what has left already is done."""
        sent, actor = together.ShipManyIn.read(request.data)["shipments"], request.user.actor

        def act(i):
            with fields_as({}, under=f"shipments.{i}"):
                direct.ship_reported(sent[i]["id"], parcels_of(sent[i]["parcels"]), actor=actor)

        return Response(together.on_each(self.get_queryset(), [row["id"] for row in sent], act))

    @extend_schema(request=serializers.ShortIn, responses=OUT)
    @action(detail=True, methods=["post"])
    @idempotent
    def short(self, request, pk):
        """Say that pieces are not there or not fit: your stock is corrected, and they are sourced elsewhere."""
        row, data = self.get_object(), serializers.ShortIn.read(self.request.data)
        lines = line_ids(data["lines"], "lines")
        short_reported.short_reported(row.pk, lines, reason=data["reason"], actor=request.user.actor)
        return self._answer()

    @extend_schema(request=serializers.AnswerIn, responses=OUT)
    @action(detail=True, methods=["post"], url_path="answer-cancel")
    @idempotent
    def answer_cancel(self, request, pk):
        """Answer whether the pieces that the seller wants back (`stopped`) stay; 409 where it wants none."""
        row, is_accepted = self.get_object(), serializers.AnswerIn.read(self.request.data)["accept"]
        if not any(line.stopped for line in row.lines.all()):
            raise InvalidTransition(f"Nobody waits for an answer on {row}: nothing of it is asked back.")
        answer = cancel_work.accept if is_accepted else cancel_work.refuse
        answer(row.pk, actor=request.user.actor)
        return self._answer()

    def _answer(self):
        return Response(OUT(self.get_object()).data)


class Parcels(viewsets.ReadOnlyModelViewSet):
    """The parcels of your orders, and those that your locations sent."""

    queryset = Parcel.objects.select_related("order", "carrier").prefetch_related("lines__sku")
    serializer_class = serializers.ParcelOut
    filterset_class = ParcelFilter
    scopes = {"GET": "fulfilment:read"}
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self):
        partner = self.request.user.partner
        own = Q(order__partner=partner) | Q(fulfilment_order__location__partner=partner)
        return super().get_queryset().filter(own)
