from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from oms.lib.api.serializers import StrictSerializer
from oms.outbox.models import Delivery
from oms.partners.idempotency import idempotent
from oms.partners.models import WebhookEndpoint
from oms.partners.services.webhooks import add_endpoint
from oms.partners.views import OwnRows


class EndpointIn(StrictSerializer):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=50), max_length=100, allow_empty=False)


class EndpointOut(serializers.ModelSerializer):
    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "events", "is_active", "created_at"]


class EndpointCreated(EndpointOut):
    """The only answer that has the secret."""

    class Meta(EndpointOut.Meta):
        fields = [*EndpointOut.Meta.fields, "secret"]


class WebhookDelivery(serializers.ModelSerializer):
    """One message to an endpoint: `event` is the id in its webhook-id."""

    event = serializers.IntegerField(source="event.data.event")
    queued_at = serializers.DateTimeField(source="event.at")

    class Meta:
        model = Delivery
        fields = ["event", "queued_at", "attempts", "next_attempt_at", "done_at", "dead_at", "last_error"]


class Webhooks(
    OwnRows,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    """Where you want to be told of your events: signed messages by the Standard Webhooks, tried for hours."""

    queryset = WebhookEndpoint.objects.all()
    serializer_class = EndpointOut
    scopes = {"GET": "webhooks:read", "POST": "webhooks:write", "DELETE": "webhooks:write"}
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(request=EndpointIn, responses={201: EndpointCreated})
    @idempotent
    def create(self, request):
        endpoint = add_endpoint(request.user.partner, **EndpointIn.read(request.data))
        return Response(EndpointCreated(endpoint).data, status=201)

    @extend_schema(responses=WebhookDelivery(many=True))
    @action(detail=True, filter_backends=[])
    def deliveries(self, request, pk):
        """What was sent to an endpoint, or waits to be, newest first."""
        sent = Delivery.objects.filter(
            subject=self.get_object().subject, consumer="oms.partners.tasks.deliver_webhook"
        ).select_related("event")
        page = self.paginate_queryset(sent)
        return self.get_paginated_response(WebhookDelivery(page, many=True).data)
