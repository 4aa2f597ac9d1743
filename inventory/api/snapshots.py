"""What the partner's own system says lies at his locations, at a moment."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.response import Response

from inventory.api.views import own_location
from inventory.models import CountLine, CountSession, Sku
from inventory.services.snapshot import take_snapshot
from inventory.services.stock import MOST_PIECES
from oms.lib.api.serializers import StrictSerializer
from oms.lib.errors import Invalid
from oms.partners.idempotency import idempotent
from oms.partners.views import OwnRows

MOST_SKUS = 1000


class HeldIn(StrictSerializer):
    sku = serializers.CharField(max_length=40)
    on_hand = serializers.IntegerField(min_value=0, max_value=MOST_PIECES, help_text="pieces, damaged ones too")


class SnapshotIn(StrictSerializer):
    location = serializers.CharField(max_length=20, help_text="the code of a location that you run")
    counted_at = serializers.DateTimeField(help_text="the moment at which so many were there")
    levels = HeldIn(many=True, allow_empty=False, max_length=MOST_SKUS)
    is_whole = serializers.BooleanField(default=False, help_text="true: of all other SKUs there is none")


class SnapshotLineOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="sku.code")

    class Meta:
        model = CountLine
        fields = ["sku", "counted", "expected", "difference", "problem"]


class SnapshotOut(serializers.ModelSerializer):
    """`posted`: our book was corrected by `difference`; `to_approve`: a change so large waits for a person."""

    location = serializers.CharField(source="location.code")
    lines = SnapshotLineOut(many=True)

    class Meta:
        model = CountSession
        fields = ["id", "location", "counted_at", "status", "posted_at", "lines"]


class TakenOut(serializers.Serializer):
    posted = SnapshotOut(allow_null=True)
    waiting = SnapshotOut(allow_null=True, help_text="lines that are another by more than 20 %")


class Snapshots(OwnRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Counts of the locations that you run, as of a moment: what was booked since is played on top."""

    queryset = (
        CountSession.objects.filter(origin=CountSession.Origin.PARTNER)
        .select_related("location")
        .prefetch_related("lines__sku")
    )
    serializer_class = SnapshotOut
    filter_backends = []
    partner_path = "location__partner"
    scopes = {"GET": "stock:read", "POST": "stock:write"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=SnapshotIn, responses={201: TakenOut})
    @idempotent
    def create(self, request):
        """Say what lies at a location; a SKU that is another by more than 20 % waits until somebody looked."""
        data = SnapshotIn.read(request.data)
        location = own_location(request.user.partner, data["location"])
        posted, waiting = take_snapshot(
            location,
            _by_sku(data["levels"]),
            counted_at=data["counted_at"],
            is_whole=data["is_whole"],
            actor=request.user.actor,
        )
        found = {"posted": posted and self._read(posted), "waiting": waiting and self._read(waiting)}
        return Response(found, status=201)

    def _read(self, session):
        return SnapshotOut(self.get_queryset().get(pk=session.pk)).data


def _by_sku(levels):
    """Return {Sku: pieces}; raises Invalid for a code that is unknown, named twice, or not counted."""
    skus = Sku.objects.by_codes(row["sku"] for row in levels)
    pieces = {}
    for i, row in enumerate(levels):
        sku = skus.get(row["sku"].upper())
        if sku is None or not sku.is_stocked:
            raise Invalid(f"There is no SKU {row['sku']} that is counted.", field=f"levels.{i}.sku")
        if sku in pieces:
            raise Invalid(f"{sku} is named twice.", field=f"levels.{i}.sku")
        pieces[sku] = row["on_hand"]
    return pieces
