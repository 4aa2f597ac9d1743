from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from oms.lib.api.etags import expected_version, with_etag
from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows
from orders.api import represent, serializers
from orders.api.filters import OrderFilter
from orders.models import Channel, Order, OrderLine
from orders.services import intake
from orders.services.cancel import cancel
from orders.services.place import place

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="the ETag of what you read")
PARTS = {
    "lines": intake.LineIn,
    "charges": intake.ChargeIn,
    "discounts": intake.DiscountIn,
    "payments": intake.PaymentIn,
}


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
        """Place an order: 201; the same channel and external id again: 200 and the first order, unchanged."""
        data = serializers.OrderIn.read(request.data)
        order = place(read(request.user.partner, data), actor=request.user.actor)
        if not order.is_new:
            return self._answer(represented(order), order)
        rows = sorted(order.priced.lines, key=lambda line: line.position)  # just written: not read again
        return self._answer(represent.order(order, rows, order.priced.charges), order, status=201)

    @extend_schema(responses=serializers.OrderOut(many=True))
    def list(self, request):
        """List your orders, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([represented(order) for order in page])

    @extend_schema(responses=serializers.OrderOut)
    def retrieve(self, request, number):
        """Read one order by its number."""
        order = self._get(number)
        return self._answer(represented(order), order)

    @extend_schema(request=serializers.CancelIn, responses=serializers.OrderOut, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, number):
        """Cancel an order or lines of it; what a warehouse works on is asked for (`cancel_requested_at`)."""
        order = self._get(number)
        data = serializers.CancelIn.read(request.data)
        cancel(
            order.pk,
            lines=_line_ids(data.get("lines")),
            reason=data["reason"],
            actor=request.user.actor,
            version=expected_version(request),
        )
        order = self._get(number)
        return self._answer(represented(order), order)

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


def read(partner, data):
    """Return the OrderIn of validated `data`; raises Invalid for a channel that is not the partner's."""
    known = Channel.objects.select_related("seller").filter(partner=partner, code__iexact=data.pop("channel"))
    channel = next(iter(known.order_by()), None)  # a code is there once: no order to ask for
    if channel is None:
        raise Invalid("There is no such channel of yours.", field="channel")
    for name, shape in PARTS.items():
        data[name] = [shape(**row) for row in data.get(name, [])]
    return intake.OrderIn(channel=channel, **data)


def _line_ids(lines):
    """Return {line id: pieces}; raises Invalid for keys that are no ids."""
    if lines is None:
        return None
    for key in lines:
        if not (key.isascii() and key.isdigit() and len(key) < 18):
            raise Invalid("Name lines by their id.", field=f"lines.{key[:20]}")
    return {int(key): pieces for key, pieces in lines.items()}
