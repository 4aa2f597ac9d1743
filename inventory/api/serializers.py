"""What partners send and get of goods and stock. Serializers check shape; the services check the rest."""

from rest_framework import serializers

from inventory.models import KitComponent, Sku, SkuBarcode, StockLevel
from inventory.services.stock import ADJUST_REASONS, MOST_PIECES
from oms.lib.api.serializers import StrictSerializer


class BarcodeOut(serializers.ModelSerializer):
    class Meta:
        model = SkuBarcode
        fields = ["code", "pieces"]


class ComponentOut(serializers.ModelSerializer):
    sku = serializers.CharField(source="component.code")

    class Meta:
        model = KitComponent
        fields = ["sku", "quantity"]


class SkuOut(serializers.ModelSerializer):
    """A SKU without what it costs us."""

    barcodes = BarcodeOut(many=True)
    components = ComponentOut(many=True, help_text="what a kit is made of")

    class Meta:
        model = Sku
        fields = [
            *("code", "name", "kind", "tax_class", "is_active", "created_at"),
            *("weight_g", "length_mm", "width_mm", "height_mm", "is_fragile", "is_hazmat", "hs_code", "origin"),
            *("attributes", "barcodes", "components"),
        ]


class LevelOut(serializers.ModelSerializer):
    """How many pieces of a SKU a location of yours has; `available` is what can be promised now."""

    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")
    available = serializers.SerializerMethodField()

    class Meta:
        model = StockLevel
        fields = ["sku", "location", "on_hand", "reserved", "unavailable", "safety", "available"]

    def get_available(self, level) -> int:
        return max(level.available, 0)


class AdjustIn(StrictSerializer):
    sku = serializers.CharField(max_length=40)
    location = serializers.CharField(max_length=20)
    delta = serializers.IntegerField(
        min_value=-MOST_PIECES, max_value=MOST_PIECES, help_text="pieces found, or lost when negative; not 0"
    )
    reason = serializers.ChoiceField(list(ADJUST_REASONS.items()))
    bin = serializers.CharField(
        max_length=20,
        required=False,
        help_text="without it found pieces go to the DOCK, lost ones come off the shelves; needed for lots and serials",
    )
    lot = serializers.CharField(max_length=40, required=False, help_text="which, where several lots lie in the bin")
    serials = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=1000, required=False, help_text="the number of each"
    )
