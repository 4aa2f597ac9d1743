from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from inventory.models import Location
from inventory.services.availability import sellable
from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import NotFound
from orders.models import Channel

MOST_SKUS = 1000


LONGEST_CODE = 40


class Codes(serializers.ListField):
    """Codes; looked at one by one only where one is wrong, which then is named."""

    child = serializers.CharField(max_length=LONGEST_CODE)

    def run_child_validation(self, data):
        if all(type(code) is str and code.isprintable() and 0 < len(code.strip()) <= LONGEST_CODE for code in data):
            return [code.strip() for code in data]
        return super().run_child_validation(data)


class Question(StrictSerializer):
    sku = Codes(min_length=1, max_length=MOST_SKUS, help_text="codes")
    channel = serializers.CharField(max_length=20, required=False, help_text="only what may ship its orders")


class SkuAvailability(serializers.Serializer):
    sku = serializers.CharField()
    kind = serializers.CharField()
    available = serializers.IntegerField(allow_null=True, help_text="pieces in all; null: without end")
    locations = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="pieces by the code of the location"
    )


@extend_schema_serializer(many=False)
class Answer(serializers.Serializer):
    at = serializers.DateTimeField()
    results = SkuAvailability(many=True)
    unknown = serializers.ListField(child=serializers.CharField(), help_text="codes that are not sold")


CODES = OpenApiParameter("sku", {"type": "array", "items": {"type": "string"}}, required=True, description="codes")
CHANNEL = OpenApiParameter("channel", str, description="only what may ship its orders")


class Availability(viewsets.GenericViewSet):
    """What can be promised now, by SKU and location: of your channels' locations and those that you run."""

    serializer_class = Question
    filter_backends = []
    pagination_class = None
    scopes = {"GET": "stock:read", "POST": "stock:read"}

    @extend_schema(parameters=[CODES, CHANNEL], responses=Answer)
    def list(self, request):
        """Ask for a few SKUs: `?sku=MUG&sku=CUP`."""
        asked = {"sku": request.query_params.getlist("sku")}
        if "channel" in request.query_params:
            asked["channel"] = request.query_params["channel"]
        return self._answer(asked)

    @extend_schema(request=Question, responses={200: Answer})
    def create(self, request):
        """Ask for many SKUs at once, up to 1,000. Nothing is changed."""
        return self._answer(request.data)

    def _answer(self, asked):
        question = Question.read(asked)
        codes = list(dict.fromkeys(code.upper() for code in question["sku"]))
        locations, keep = _reach(self.request.user.partner, question.get("channel"))
        found = sellable(codes, locations=locations, keep=keep)
        return Response(
            {
                "at": timezone.now(),
                "results": [_row(found[code]) for code in codes if code in found],
                "unknown": [code for code in codes if code not in found],
            }
        )


def _row(found):
    return {
        "sku": found.sku.code,
        "kind": found.sku.kind,
        "available": found.pieces,
        "locations": found.at,
    }


def _reach(partner, code):
    """Return (ids of the locations that may ship orders of the partner's channels, or of one, or None: all;
    the pieces of each level that the channel, or of several the least careful one, does not sell).
    """
    channels = Channel.objects.filter(partner=partner)
    if code is not None:
        channels = channels.filter(code__iexact=code)
    rows = list(channels.values_list("pk", "locations", "buffer"))
    if code is not None and not rows:
        raise NotFound("There is no such channel of yours.", field="channel")
    chosen = {location_id for _, location_id, _ in rows}
    keep = min((buffer for _, _, buffer in rows), default=0)
    if None in chosen:  # a channel that has chosen none may use all
        return None, keep
    own = Location.objects.filter(partner=partner) if code is None else Location.objects.none()
    return chosen | set(own.values_list("pk", flat=True)), keep
