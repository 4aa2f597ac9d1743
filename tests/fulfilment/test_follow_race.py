"""Webhooks of one parcel come in at once: it arrives once, at the earliest moment that was told, with every scan."""

import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from fulfilment.models import Parcel
from fulfilment.services.follow_parcel import follow
from oms.outbox.models import Event
from oms.partners.models import InboundMessage
from orders.models import Order
from tests.fulfilment import road
from tests.fulfilment.easypost import detail, tracker, webhook
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TOLD = [
    [detail("in_transit", "2026-03-02T08:00:00Z"), detail("delivered", "2026-03-04T15:40:00Z")],
    [detail("delivered", "2026-03-04T15:30:00Z"), detail("failure", "2026-03-03T10:00:00Z")],
    [detail("delivered", "2026-03-04T15:40:00Z"), detail("in_transit", "2026-03-02T08:00:00Z")],
]


@pytest.fixture
def messages():
    road.shipped(number="JD1")
    Order.objects.update(ordered_at=datetime(2026, 3, 1, tzinfo=UTC))
    rows = [
        InboundMessage.objects.create(source="easypost", external_id=f"evt_{n}", body=webhook(tracker(*details)))
        for n, details in enumerate(TOLD)
    ]
    return [row.pk for row in rows]


def arrivals():
    return Event.objects.filter(name="order.delivered").count()


def test_a_parcel_arrives_once_however_many_say_so_at_once(messages):
    race(lambda number: follow(messages[number]), len(messages))
    parcel = Parcel.objects.get()
    assert (parcel.status, arrivals()) == ("delivered", 1)
    assert parcel.delivered_at == datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
    said = sorted(parcel.tracking_events.values_list("code", flat=True))
    assert said == ["delivered", "delivered", "exception", "in_transit"]
    assert Event.objects.filter(name="parcel.tracked").count() <= 3


def carelessly(number):
    """What `follow` would do without locking: look, then book the arrival."""
    parcel = Parcel.objects.get()
    if parcel.status != "delivered":
        Event.objects.create(name="test.looked", subject="test:1", actor="test")
        while Event.objects.filter(name="test.looked").count() < 2:
            time.sleep(0.01)
        Parcel.objects.filter(pk=parcel.pk).update(status="delivered", delivered_at=timezone.now())
        Event.objects.create(name="order.delivered", subject=parcel.order.subject, actor="test")


@pytest.mark.corrupt
def test_control_without_the_lock_it_arrives_twice(messages):
    race(carelessly, 2)
    assert arrivals() == 2
