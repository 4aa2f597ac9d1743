from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows
from orders.models import Order
from returns.api import serializers
from returns.api.filters import ReturnFilter
from returns.models import Return
from returns.services.request import ReturnLineIn
from returns.services.request import request as open_return


class Returns(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Goods of your orders that come back."""

    queryset = Return.objects.select_related("order", "refund").prefetch_related("lines__line")
    serializer_class = serializers.ReturnOut
    filterset_class = ReturnFilter
    partner_path = "order__partner"
    scopes = {"GET": "returns:read", "POST": "returns:write"}
    lookup_field = "number"
    lookup_value_regex = r"R?\d{1,18}"

    @extend_schema(request=serializers.ReturnIn, responses={201: serializers.ReturnOut})
    @idempotent
    def create(self, request):
        """Announce a return; the channel's policy may approve it at once."""
        data = serializers.ReturnIn.read(request.data)
        order = Order.objects.numbered(data["order"]).filter(partner=request.user.partner).first()
        if order is None:
            raise Invalid("There is no such order of yours.", field="order")
        lines = [
            ReturnLineIn(row["line"], row["quantity"], row["reason"], row.get("note", "")) for row in data["lines"]
        ]
        rma = open_return(order.pk, lines, note=data.get("note", ""), actor=request.user.actor)
        answer = Response(self.get_serializer(self._get(rma.number)).data, status=201)
        answer["Location"] = f"/api/v1/returns/{rma.number}"
        return answer

    def get_object(self):
        return self._get(self.kwargs["number"])

    def _get(self, number):
        rma = self.get_queryset().filter(pk__in=Return.objects.numbered(number).values("pk")).first()
        if rma is None:
            raise NotFound("There is no such return of yours.")
        return rma
