import django_filters

from orders.api.filters import of_order
from returns.models import Return


class ReturnFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method=of_order, max_length=20)
    status = django_filters.MultipleChoiceFilter(choices=Return.Status.choices)

    class Meta:
        model = Return
        fields = []
