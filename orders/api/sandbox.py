"""Orders of a partner who tries things out: the same calls and answers, and one more that moves an order on."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from oms.lib.api.etags import expected_version, with_etag
from oms.lib.api.line_ids import line_ids
from oms.lib.api.serializers import StrictSerializer
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows
from orders.api import represent
from orders.api.serializers import CancelIn, OrderOut
from orders.models import SandboxOrder
from orders.models.sandbox_order import FIRST_NUMBER
from orders.services.sandbox import advance, cancel_in_sandbox, place_in_sandbox


class AdvanceIn(StrictSerializer):
    to = serializers.ChoiceField(
        ["confirmed", "shipped", "delivered"], required=False, help_text="without it, one step"
    )


class SandboxOrders(OwnRows, viewsets.GenericViewSet):
    """Moving orders of the sandbox on: what warehouses and carriers do with real ones."""

    queryset = SandboxOrder.objects.all()
    serializer_class = OrderOut
    filter_backends = []
    scopes = {"POST": "orders:write"}
    lookup_field = "number"
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=AdvanceIn, responses=OrderOut)
    @action(detail=True, methods=["post"])
    @idempotent
    def advance(self, request, number):
        """Confirm, ship and deliver an order of the sandbox, with the webhooks of a real one."""
        row = own(self.get_queryset(), number)
        row = advance(row.pk, to=AdvanceIn.read(request.data).get("to"), actor=request.user.actor)
        return shown(row)


def placed(order_in, *, actor):
    """Return (SandboxOrder, whether it is new) of an OrderIn."""
    return place_in_sandbox(order_in, represent.order, actor=actor)


def page(view):
    """Return what the list of orders shows of the sandbox; of the filters, `external_id` narrows it."""
    rows = SandboxOrder.objects.filter(partner=view.request.user.partner)
    if external_id := view.request.query_params.get("external_id"):
        rows = rows.filter(external_id=external_id)
    return [row.body for row in view.paginate_queryset(rows)]


def own(queryset, number):
    """Return the row of `queryset`, a partner's own, that is called `number`."""
    row = queryset.filter(pk=int(number) - FIRST_NUMBER).first() if int(number) > FIRST_NUMBER else None
    if row is None:
        raise NotFound("There is no such order of yours.")
    return row


def own_order(request, number):
    """Return the order of the partner who calls that is called `number`."""
    return own(SandboxOrder.objects.filter(partner=request.user.partner), number)


def cancelled(request, number):
    """Cancel as the request says, and return the answer."""
    row, data = own_order(request, number), CancelIn.read(request.data)
    lines = line_ids(data["lines"], "lines") if "lines" in data else None
    version = expected_version(request)
    return shown(cancel_in_sandbox(row.pk, lines=lines, version=version, actor=request.user.actor))


def shown(row, status=200):
    """Return the answer that shows a SandboxOrder."""
    response = Response(row.body, status=status)
    response["Location"] = f"/api/v1/orders/{row.number}"
    return with_etag(response, row.version)
