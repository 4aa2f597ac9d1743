import pytest
from django.db import transaction

from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from oms.subscribers import SUBSCRIBERS
from tests.oms.outbox import consumers

HERE = "tests.oms.outbox.consumers"


@pytest.fixture(autouse=True)
def acts():
    consumers.acts.clear()
    return consumers.acts


@pytest.fixture
def wire(monkeypatch):
    """Return `wire(*names)`: makes these consumers hear `thing.happened`."""

    def wire(*names):
        monkeypatch.setitem(SUBSCRIBERS, "thing.happened", [f"{HERE}.{name}" for name in names])

    return wire


@pytest.fixture
def make_delivery(wire, db):
    """Return `make_delivery(consumer)`: one delivery of a new event of thing:1 to it."""

    def make(consumer, *, sequence=None, subject="thing:1"):
        wire(consumer)
        with transaction.atomic():
            event = publish("thing.happened", subject, sequence=sequence)
        return Delivery.objects.get(event=event)

    return make
