import django_filters

from fulfilment.models import FulfilmentOrder, Parcel
from orders.api.filters import of_order


class FulfilmentOrderFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)
    location = django_filters.CharFilter(field_name="location__code", lookup_expr="iexact", max_length=20)
    status = django_filters.MultipleChoiceFilter(choices=FulfilmentOrder.Status.choices)

    class Meta:
        model = FulfilmentOrder
        fields = []


class ParcelFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)
    status = django_filters.MultipleChoiceFilter(choices=Parcel.Status.choices)
    tracking_number = django_filters.CharFilter(max_length=60)

    class Meta:
        model = Parcel
        fields = []
