import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from oms.lib.api.filters import MomentFilter
from oms.lib.api.serializers import StrictSerializer
from oms.partners.idempotency import idempotent
from oms.partners.models import WebhookEndpoint, WebhookMessage, WebhookTry
from oms.partners.services import replay
from oms.partners.services.webhooks import (
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    switch_off,
    switch_on,
)
from oms.partners.views import OwnRows


class EndpointIn(StrictSerializer):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=50), max_length=100, allow_empty=False)
    in_order = serializers.BooleanField(
        default=False, help_text="an event waits until the one before it of the same subject is taken"
    )


class EndpointChange(StrictSerializer):
    events = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=100, allow_empty=False, required=False
    )
    in_order = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False, help_text="true: switch it on (again)")
    replay_missed = serializers.BooleanField(
        required=False, default=False, help_text="when it is switched on: send what it missed"
    )


class EndpointOut(serializers.ModelSerializer):
    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "url",
            "events",
            "in_order",
            "is_active",
            "off_at",
            "off_reason",
            "failures",
            "failing_since",
            "put_off_until",
            "last_error",
            "created_at",
        ]


class EndpointCreated(EndpointOut):
    """Only this answer and that of a rotation have the secret."""

    class Meta(EndpointOut.Meta):
        fields = [*EndpointOut.Meta.fields, "secret"]


class SecretRotated(serializers.ModelSerializer):
    class Meta:
        model = WebhookEndpoint
        fields = ["id", "secret", "previous_until"]


class TryOut(serializers.ModelSerializer):
    class Meta:
        model = WebhookTry
        fields = ["number", "at", "status", "error", "duration_ms", "next_try_at"]


class WebhookDelivery(serializers.ModelSerializer):
    """One message to an endpoint, with its tries; `event` is the number in its webhook-id."""

    event = serializers.IntegerField(source="event_id")
    type = serializers.CharField(source="name", help_text="order.placed")
    state = serializers.ChoiceField(choices=list(WebhookMessage.STATES))
    tries = TryOut(source="newest_tries", many=True, help_text="the newest 20")

    class Meta:
        model = WebhookMessage
        fields = [
            "id",
            "event",
            "type",
            "subject",
            "sequence",
            "state",
            "queued_at",
            "attempts",
            "next_attempt_at",
            "done_at",
            "dead_at",
            "last_error",
            "tries",
        ]


class DeliveryFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=list(WebhookMessage.STATES.items()), method="in_state")
    type = django_filters.CharFilter(field_name="name", max_length=50)
    subject = django_filters.CharFilter(max_length=50)
    since = MomentFilter(field_name="queued_at", lookup_expr="gte")
    until = MomentFilter(field_name="queued_at", lookup_expr="lt")

    class Meta:
        fields = []  # and no model: the view's own is another

    def in_state(self, queryset, name, value):
        return queryset.in_state(value)


class ReplayIn(StrictSerializer):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(default=timezone.now, help_text="default: now")
    only_missed = serializers.BooleanField(default=True, help_text="false: also what you took")


class Replayed(serializers.Serializer):
    messages = serializers.IntegerField()


class Webhooks(
    OwnRows,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """Where you want to be told of your events: messages signed by the Standard Webhooks, tried for a day."""

    queryset = WebhookEndpoint.objects.all()
    serializer_class = EndpointOut
    filterset_class = None  # the deliveries have one
    scopes = dict.fromkeys(("POST", "PATCH", "DELETE"), "webhooks:write") | {"GET": "webhooks:read"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=EndpointIn, responses={201: EndpointCreated})
    @idempotent
    def create(self, request):
        endpoint = add_endpoint(request.user.partner, **EndpointIn.read(request.data))
        return Response(EndpointCreated(endpoint).data, status=201)

    @extend_schema(request=EndpointChange, responses=EndpointOut)
    @idempotent
    def partial_update(self, request, pk):
        """Change what an endpoint is told and how, or switch it off or on."""
        pk, data, actor = self.get_object().pk, EndpointChange.read(request.data), request.user.actor
        change_endpoint(pk, events=data.get("events"), in_order=data.get("in_order"))
        if data.get("is_active"):
            switch_on(pk, replay_missed=data["replay_missed"], actor=actor)
        elif "is_active" in data:
            switch_off(pk, reason="Switched off by its owner.", actor=actor)
        return Response(EndpointOut(self.get_object()).data)

    def perform_destroy(self, endpoint):
        remove_endpoint(endpoint.pk)

    @extend_schema(request=None, responses=SecretRotated)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    @idempotent
    def rotate_secret(self, request, pk):
        """Sign with a new secret; for 24 hours messages are signed with the old one, too."""
        return Response(SecretRotated(rotate_secret(self.get_object().pk, actor=request.user.actor)).data)

    @extend_schema(request=None, responses={202: WebhookDelivery})
    @action(detail=True, methods=["post"])
    @idempotent
    def test(self, request, pk):
        """Have a `webhook.test` sent to the endpoint; the delivery log says what became of it."""
        message = replay.send_test(self.get_object().pk, actor=request.user.actor)
        return Response(WebhookDelivery(self._messages(pk).get(pk=message.pk)).data, status=202)

    @extend_schema(request=ReplayIn, responses={202: Replayed})
    @action(detail=True, methods=["post"])
    @idempotent
    def replay(self, request, pk):
        """Have messages of a range of time sent now: what you did not take, or all."""
        sent = replay.replay(self.get_object().pk, **ReplayIn.read(request.data), actor=request.user.actor)
        return Response({"messages": sent}, status=202)

    @extend_schema(responses=WebhookDelivery(many=True), filters=True)
    @action(detail=True, filterset_class=DeliveryFilter)
    def deliveries(self, request, pk):
        """What an endpoint was sent, or waits for, with each try; newest first, kept for 30 days."""
        page = self.paginate_queryset(self.filter_queryset(self._messages(pk)))
        return self.get_paginated_response(WebhookDelivery(page, many=True).data)

    @extend_schema(request=None, responses={202: WebhookDelivery})
    @action(detail=True, methods=["post"], url_path=r"deliveries/(?P<delivery>\d{1,18})/redeliver")
    @idempotent
    def redeliver(self, request, pk, delivery):
        """Have one message sent now under the same webhook-id, from its first try on."""
        message = self._messages(pk).filter(pk=delivery).first()
        if message is None:
            raise NotFound("There is no such delivery to this endpoint.")
        replay.redeliver(message, actor=request.user.actor)
        return Response(WebhookDelivery(self._messages(pk).get(pk=delivery)).data, status=202)

    def _messages(self, pk):
        own = self.get_queryset().filter(pk=pk)
        if not own.exists():
            raise NotFound("There is no such endpoint of yours.")
        return WebhookMessage.objects.filter(endpoint__in=own).with_tries()
