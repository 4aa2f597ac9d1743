from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from oms.lib.api.etags import IF_MATCH, expected_version, with_etag
from oms.lib.api.line_ids import line_ids
from oms.partners.idempotency import idempotent, idempotent_in_parts
from oms.partners.views import OwnRows
from orders.api import bulk, represent, sandbox, serializers
from orders.api.changes import ChangeIn, ChangeOut, preview
from orders.api.filters import OrderFilter
from orders.api.read import of_partner
from orders.models import Order, OrderLine
from orders.services.cancel import cancel
from orders.services.sell import is_sold, place_or_sell


class Orders(OwnRows, viewsets.GenericViewSet):
    """The orders of your channels."""

    queryset = Order.objects.select_related("channel").prefetch_related(
        Prefetch("lines", OrderLine.objects.order_by("position")), "charges"
    )
    serializer_class = serializers.OrderOut
    filterset_class = OrderFilter
    scopes = {"GET": "orders:read", "POST": "orders:write"}
    lookup_field = "number"
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=serializers.OrderIn, responses={201: serializers.OrderOut, 200: serializers.OrderOut})
    @idempotent
    def create(self, request):
        """Place an order: 201; the same channel and external id again: 200 and the first order, unchanged.

        What a channel of the kind "point of sale" sends was sold in its `pickup_location`, and is delivered at once.
        """
        order_in = of_partner(request.user.partner, serializers.OrderIn.read(request.data))
        if request.user.partner.is_sandbox:
            row, is_new = sandbox.placed(order_in, actor=request.user.actor)
            return sandbox.shown(row, status=201 if is_new else 200)
        order = place_or_sell(order_in, actor=request.user.actor)
        if not order.is_new or is_sold(order_in):
            return self._answer(represented(order), order, status=201 if order.is_new else 200)
        rows = sorted(order.priced.lines, key=lambda line: line.position)  # just written: not read again
        return self._answer(represent.order(order, rows, order.priced.charges), order, status=201)

    @extend_schema(request=bulk.BulkDoc, responses=bulk.BulkOut)
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    @idempotent_in_parts
    def bulk(self, request):
        """Place up to 500 orders, each with a result of its own: one bad order does not stop the others.

        An order that came in before is answered as `existing`, unchanged. When a call breaks off, send it again.
        """
        sent = bulk.BulkIn.read(request.data)["orders"]
        return Response(bulk.place_all(request.user.partner, sent, actor=request.user.actor))

    @extend_schema(responses=serializers.OrderOut(many=True))
    def list(self, request):
        """List your orders, newest first."""
        if request.user.partner.is_sandbox:
            return self.get_paginated_response(sandbox.page(self))
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([represented(order) for order in page])

    @extend_schema(responses=serializers.OrderOut)
    def retrieve(self, request, number):
        """Read one order by its number."""
        if request.user.partner.is_sandbox:
            return sandbox.shown(sandbox.own_order(request, number))
        order = self._get(number)
        return self._answer(represented(order), order)

    @extend_schema(request=serializers.CancelIn, responses=serializers.OrderOut, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, number):
        """Cancel an order or lines of it; what a warehouse works on is asked for (`cancel_requested_at`)."""
        if request.user.partner.is_sandbox:
            return sandbox.cancelled(request, number)
        order = self._get(number)
        data = serializers.CancelIn.read(request.data)
        lines = line_ids(data["lines"], "lines") if "lines" in data else None
        common = {"actor": request.user.actor, "version": expected_version(request)}
        cancel(order.pk, lines=lines, reason=data["reason"], **common)
        order = self._get(number)
        return self._answer(represented(order), order)

    @extend_schema(request=ChangeIn, responses={201: ChangeOut}, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def changes(self, request, number):
        """Preview a change with the money it moves: nothing is changed until it is applied."""
        order, data = self._get(number), ChangeIn.read(request.data)
        change = preview(order, data, actor=request.user.actor, version=expected_version(request))
        answer = Response(ChangeOut(change).data, status=201)
        answer["Location"] = f"/api/v1/order-changes/{change.pk}"
        return answer

    def _get(self, number):
        order = self.get_queryset().filter(pk__in=Order.objects.numbered(number).values("pk")).first()
        if order is None:
            raise NotFound("There is no such order of yours.")
        return order

    def _answer(self, data, order, status=200):
        response = Response(data, status=status)
        response["Location"] = f"/api/v1/orders/{order.number}"
        return with_etag(response, order.version)


def represented(order):
    return represent.order(order, order.lines.all(), order.charges.all())
