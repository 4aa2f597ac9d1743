"""What happened since: the events of a partner's orders and returns in their order, none left out."""

import re
from datetime import UTC, datetime, timedelta

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from oms.lib.api.pagination import Cursor
from oms.outbox.committed import horizon
from oms.outbox.models import Event
from oms.partners.services.webhooks import told_of

AFTER = OpenApiParameter("after", str, description="`after` of the answer before; without it, from the first event on")
PAGE_SIZE = OpenApiParameter("page_size", int, description="from 1 to 500")
CURSOR = re.compile(r"(\d{1,16})-(\d{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HappenedOut(serializers.Serializer):
    """As a webhook tells it, with the id of that message."""

    id = serializers.CharField(help_text="the webhook-id of the same event")
    type = serializers.CharField()
    timestamp = serializers.DateTimeField()
    data = serializers.DictField(help_text="subject, sequence, order_number, external_id, and what took part")


@extend_schema_serializer(many=False)
class ChangesOut(serializers.Serializer):
    results = HappenedOut(many=True, help_text="the oldest first")
    after = serializers.CharField(help_text="send it with the next call, also when nothing was new")
    has_more = serializers.BooleanField()


class Changes(viewsets.GenericViewSet):
    """All that happened to your orders and returns, cancelled ones included: nothing is told twice or left out."""

    queryset = Event.objects.all()
    serializer_class = ChangesOut
    filter_backends = []
    scopes = {"GET": "orders:read"}

    @extend_schema(parameters=[AFTER, PAGE_SIZE], responses=ChangesOut)
    def list(self, request):
        """Read on from where you were. An event comes some seconds after it happened, when none can come before it."""
        sent = request.query_params.get("after", "0-0")
        size, until = Cursor().get_page_size(request), horizon()
        events = Event.objects.filter(partner=request.user.partner.pk, at__lt=until).after(*_read(sent))
        found = list(events[: size + 1])
        page = found[:size]
        after = _write(page[-1]) if page else sent
        return Response({"results": [_told(event) for event in page], "after": after, "has_more": len(found) > size})


def _read(cursor):
    """Return (moment, pk) of a cursor; raises ValidationError for what is none."""
    match = CURSOR.fullmatch(cursor)
    if not match:
        raise ValidationError({"after": ["Unknown: take it from `after` of an answer."]})
    return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])


def _write(event):
    return f"{(event.at - EPOCH) // timedelta(microseconds=1)}-{event.pk}"


def _told(event):
    return {"id": f"event-{event.pk}", **told_of(event)}
