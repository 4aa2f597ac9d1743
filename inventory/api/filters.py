import django_filters
from django.db.models.functions import Upper

from inventory.models import Sku, StockLevel


class SkuFilter(django_filters.FilterSet):
    """What the list of SKUs can be narrowed by."""

    code = django_filters.CharFilter(method="by_code", max_length=40)
    barcode = django_filters.CharFilter(method="by_barcode", max_length=48)
    kind = django_filters.MultipleChoiceFilter(choices=Sku.Kind.choices)
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Sku
        fields = []

    def by_code(self, skus, name, value):
        return skus.annotate(upper_code=Upper("code")).filter(upper_code=value.upper())

    def by_barcode(self, skus, name, value):
        return skus.filter(barcodes__code=value.upper())


class LevelFilter(django_filters.FilterSet):
    """What the list of stock levels can be narrowed by."""

    sku = django_filters.CharFilter(field_name="sku__code", lookup_expr="iexact", max_length=40)
    location = django_filters.CharFilter(field_name="location__code", lookup_expr="iexact", max_length=20)

    class Meta:
        model = StockLevel
        fields = []
