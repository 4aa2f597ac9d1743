"""Pressing the button that buys a label, and the schedule that comes by."""

import time
from datetime import timedelta

from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Label
from fulfilment.services import buy_label, label
from tests.fulfilment.make import ACTOR


def bought(parcel, **fields):
    return label.buy(parcel.pk, actor=ACTOR, **fields)


def pressed(parcel):
    """Press the button, and say what went wrong, or ""."""
    try:
        bought(parcel)
    except CarrierError as error:
        return error.message
    return ""


def later(minutes=20):
    """Let the schedule come by when it is time to ask again."""
    past = timezone.now() - timedelta(minutes=minutes)
    Label.objects.update(ask_after=past, wait_until=None)
    Label.objects.filter(asked_at__isnull=False).update(asked_at=past)
    buy_label.settle_due()


def states():
    return sorted(Label.objects.values_list("status", flat=True))


def wait_for(found, seconds=5):
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.01)
    assert found()
