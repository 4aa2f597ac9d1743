"""What a partner's own programs did: calls a day, and those that were refused or failed."""

import django_filters
from rest_framework import mixins, serializers, viewsets

from oms.lib.api.filters import MomentFilter
from oms.partners.models import CallError, UsageDay
from oms.partners.views import OwnRows


class UsageOut(serializers.ModelSerializer):
    class Meta:
        model = UsageDay
        fields = ["day", "ok", "refused", "failed"]


class UsageFilter(django_filters.FilterSet):
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="day", lookup_expr="lt")

    class Meta:
        model = UsageDay
        fields = []


class Usage(OwnRows, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Your calls a day (UTC), to half a minute; newest first."""

    queryset = UsageDay.objects.all()
    serializer_class = UsageOut
    filterset_class = UsageFilter
    scopes = {"GET": "usage:read"}
    ordering = "-day"


class CallErrorOut(serializers.ModelSerializer):
    class Meta:
        model = CallError
        fields = ["id", "at", "method", "path", "status", "detail", "key", "request_id"]


class CallErrorFilter(django_filters.FilterSet):
    status = django_filters.NumberFilter(min_value=400, max_value=599)
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = CallError
        fields = []


class CallErrors(OwnRows, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Your calls that were refused or failed, newest first, kept for 30 days; at most 20 of half a minute."""

    queryset = CallError.objects.all()
    serializer_class = CallErrorOut
    filterset_class = CallErrorFilter
    scopes = {"GET": "usage:read"}
