from django.db.models import Prefetch
from django.db.models.functions import Upper
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from inventory.api.filters import LevelFilter, SkuFilter
from inventory.api.serializers import AdjustIn, LevelOut, SkuOut
from inventory.models import KitComponent, Location, Sku, StockLevel
from inventory.services import in_hand
from oms.lib import errors
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows


class Skus(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """All that is sold, newest first; `code` is one whatever its case."""

    queryset = Sku.objects.prefetch_related(
        "barcodes", Prefetch("components", KitComponent.objects.select_related("component"))
    )
    serializer_class = SkuOut
    filterset_class = SkuFilter
    scopes = {"GET": "stock:read"}
    lookup_field = "code"
    lookup_value_regex = r"[^/]{1,40}"

    def get_object(self):
        code = self.kwargs["code"].upper()
        sku = self.get_queryset().annotate(upper_code=Upper("code")).filter(upper_code=code).first()
        if sku is None:
            raise NotFound("There is no such SKU.")
        return sku


class Levels(OwnRows, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The stock of the locations that you run."""

    queryset = StockLevel.objects.with_available().select_related("sku", "location")
    serializer_class = LevelOut
    filterset_class = LevelFilter
    scopes = {"GET": "stock:read"}
    partner_path = "location__partner"


class Adjustments(viewsets.GenericViewSet):
    """Corrections of the stock of the locations that you run."""

    queryset = StockLevel.objects.none()
    serializer_class = AdjustIn
    filter_backends = []
    scopes = {"POST": "stock:write"}

    @extend_schema(request=AdjustIn, responses={201: LevelOut})
    @idempotent
    def create(self, request):
        """Book pieces found or lost; answers what there is now. Promises that cannot be kept are backordered."""
        data = AdjustIn.read(request.data)
        location = own_location(request.user.partner, data["location"])
        sku = Sku.objects.by_codes([data["sku"]]).get(data["sku"].upper())
        if sku is None:
            raise errors.NotFound("There is no such SKU.", field="sku")
        if data["delta"] == 0:
            raise errors.Invalid("Not 0: found pieces are positive, lost ones negative.", field="delta")
        bin = _bin(location, data["bin"]) if "bin" in data else None
        which = {"lot": data.get("lot", ""), "serials": data.get("serials", [])}
        in_hand.adjust(sku, location, data["delta"], reason=data["reason"], bin=bin, **which, actor=request.user.actor)
        level = StockLevel.objects.with_available().select_related("sku", "location").get(sku=sku, location=location)
        return Response(LevelOut(level).data, status=201)


def own_location(partner, code):
    """Return the active location of the partner that is called `code`; raises NotFound."""
    location = Location.objects.active().filter(partner=partner, code__iexact=code).first()
    if location is None:
        raise errors.NotFound("There is no such location of yours.", field="location")
    return location


def _bin(location, code):
    bin = location.bins.filter(code__iexact=code).first()
    if bin is None:
        raise errors.NotFound("There is no such bin in that location.", field="bin")
    return bin
