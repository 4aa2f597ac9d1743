"""Two leads press Release for the same wave at once: each order is on one list."""

import time

import pytest
from django.db import transaction

from fulfilment.models import FulfilmentOrder, PickList, PickTask, WaveOrder
from fulfilment.services import wave
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed
from tests.fulfilment.waves import make_aisles, make_preset
from tests.race import race

ORDERS = 4


@pytest.fixture
def planned():
    location, goods = make_aisles(2, 2)
    for code in ("A-1", "A-2", "B-1", "B-2")[:ORDERS]:
        confirmed((goods[code], 1))
    planned = wave.preview(make_preset(location, totes=2), actor=ACTOR)
    wave.begin(planned.pk, actor=ACTOR)
    return planned


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_leads_release_each_order_once(planned):
    race(lambda number: wave.release_wave(planned.pk, actor=f"user:{number}", seconds=60) and None, 3)
    deliver()
    assert PickList.objects.count() == 2
    assert PickTask.objects.count() == ORDERS
    assert WaveOrder.objects.filter(state="released").count() == ORDERS


@pytest.mark.race
@pytest.mark.corrupt
@pytest.mark.django_db(transaction=True)
def test_without_the_locks_it_would_be_twice(planned):
    """The control: what both read before either wrote is planned by both."""
    race(lambda number: _carelessly(planned), 2)
    assert PickTask.objects.count() > ORDERS


def _carelessly(planned):
    """Release a cart by what was read without a lock."""
    ids = list(planned.orders.values_list("fulfilment_order", flat=True))
    rows = list(FulfilmentOrder.objects.filter(pk__in=ids, status="open").prefetch_related("lines"))
    time.sleep(0.5)
    with transaction.atomic():
        pick_list = PickList.objects.create(location=planned.location)
        for row in rows:
            PickTask.objects.bulk_create(
                PickTask(
                    pick_list=pick_list, fulfilment_line=line, sku_id=line.sku_id, sequence=10, quantity=line.quantity
                )
                for line in row.lines.all()
            )
