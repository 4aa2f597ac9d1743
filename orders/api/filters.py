import django_filters

from oms.lib.api.filters import MomentFilter
from orders.models import Order


def of_order(queryset, name, value):
    """Narrow rows that have an `order` to the one that people call `value`."""
    return queryset.filter(order__in=Order.objects.numbered(value))


class OrderFilter(django_filters.FilterSet):
    """What a list of orders can be narrowed by; each has an index of its own or narrows a partner's own rows."""

    channel = django_filters.CharFilter(field_name="channel__code", lookup_expr="iexact", max_length=20)
    external_id = django_filters.CharFilter(max_length=60)
    status = django_filters.MultipleChoiceFilter(choices=Order.Status.choices)
    payment_state = django_filters.MultipleChoiceFilter(choices=Order.PaymentState.choices)
    fulfilment_state = django_filters.MultipleChoiceFilter(choices=Order.FulfilmentState.choices)
    is_held = django_filters.BooleanFilter()
    ordered_after = MomentFilter(field_name="ordered_at", lookup_expr="gte")
    ordered_before = MomentFilter(field_name="ordered_at", lookup_expr="lt")

    class Meta:
        model = Order
        fields = []
