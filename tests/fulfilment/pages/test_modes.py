"""Cluster picking with totes that are scanned, and batch picking into one container that is sorted at the bench."""

import json

import pytest
from django.urls import reverse

from fulfilment.models import PickList, RefusedScan
from tests.fulfilment.make import confirmed, make_shelf, released, work_of
from tests.fulfilment.pages.conftest import PACKER, PICKER, text
from tests.fulfilment.pages.test_picking import Hand
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(place):
    return make_shelf(20, 20, location=place)[1]


@pytest.fixture
def hand(enter):
    return lambda walk, codenames=PICKER: Hand(enter(codenames), walk)


@replayed
def make_walk(*orders, **fields):
    walk = released(*orders)
    PickList.objects.filter(pk=walk.pk).update(**fields)
    return PickList.objects.get(pk=walk.pk)


def test_the_tote_is_scanned_before_the_piece_counts(hand, shelf):
    cup = shelf[0]
    first, second = confirmed((cup, 1)), confirmed((cup, 2))
    walk = make_walk(first, second, verifies_totes=True)
    device = hand(walk)
    device.scan("A-1")
    assert "Scan tote 1" in device.scan(cup.code)
    assert not any(line.picked for line in work_of(first).lines.all())
    assert "Put it into tote 1." in device.scan(f"{walk}-2")
    assert RefusedScan.objects.get().kind == "tote"
    device.scan(f"{walk}-1")
    assert work_of(first).lines.get().picked == 1

    device.scan("A-1")
    assert "Scan tote 2: 2 pieces into it" in device.press("count")
    assert "is done" in device.scan("2")  # the number on the tote does as well
    assert work_of(second).lines.get().picked == 2


def test_no_more_than_asked_goes_to_the_tote(hand, shelf):
    walk = make_walk(confirmed((shelf[0], 2)), verifies_totes=True)
    device = hand(walk)
    device.scan("A-1")
    assert "Take 2 pieces" in device.press("count", count=3)


def test_a_batch_is_picked_item_by_item(hand, shelf):
    cup, pot = shelf
    orders = [confirmed((cup, 1)), confirmed((cup, 2)), confirmed((pot, 1))]
    walk = make_walk(*orders, mode="batch")
    device = hand(walk)
    page = text(device.page)
    assert "for 2 orders" in page
    assert '<b class="quantity" data-is="left">3</b>' in page
    device.scan("A-1")
    device.press("count")
    assert [work_of(order).lines.get().picked for order in orders] == [1, 2, 0]


def test_what_a_device_sends_twice_is_one_batch(hand, shelf):
    walk = make_walk(confirmed((shelf[0], 1)), confirmed((shelf[0], 2)), mode="batch")
    device, task = hand(walk), walk.tasks.in_walking_order().first()
    for _ in range(2):
        device.client.post(device.url, {"task": task.pk, "do": "count", "count": 2, "picked": 0})
    assert sum(task.picked for task in walk.tasks.all()) == 2


def test_a_batch_falls_short_for_those_at_the_end(hand, place):
    _, (cup,) = make_shelf(3, location=place)
    orders = [confirmed((cup, 1)), confirmed((cup, 2))]
    walk = make_walk(*orders, mode="batch")
    device = hand(walk)
    device.client.post(
        device.url, {"task": walk.tasks.first().pk, "do": "short", "count": 2, "reason": "missing"}, follow=True
    )
    assert [work_of(order).lines.first().picked for order in orders] == [1, 1]
    assert [work_of(order).lines.first().short for order in orders] == [0, 1]


def test_at_the_bench_each_item_says_whose_it_is(hand, shelf):
    cup, pot = shelf
    later, urgent, other = confirmed((cup, 1)), confirmed((cup, 1), priority=1), confirmed((pot, 1))
    walk = make_walk(later, urgent, other, mode="batch")
    device = hand(walk, [*PICKER, *PACKER])
    for code in ("A-1", "A-2"):
        device.scan(code)
        device.press("count")
    client, packing = device.client, reverse("floor:packing")
    assert f"Sort container {walk}" in text(client.post(packing, {"scan": str(walk)}, follow=True))
    for sku, order in ((cup, urgent), (pot, other), (cup, later)):
        answer = client.post(packing, {"scan": sku.code}, follow=True)
        assert answer.context["work"].order == order
        assert work_of(order).lines.get().packed == 1
    assert "No order of" in text(client.post(packing, {"scan": cup.code}, follow=True))


def test_refused_scans_of_a_device_alone_are_sent_with_the_rest(hand, shelf):
    walk = make_walk(confirmed((shelf[0], 1)))
    device, task = hand(walk), walk.tasks.get()
    acts = [
        {"task": task.pk, "picked": 0, "short": "", "wrong": "A-9", "at": "bin"},
        {"task": task.pk, "picked": 0, "short": "", "wrong": "X", "at": "nowhere"},
        {"task": task.pk, "picked": 1, "short": ""},
    ]
    sync = reverse("floor:sync", args=[walk.pk])
    answer = device.client.post(sync, json.dumps({"acts": acts}), content_type="application/json")
    assert answer.json() == {"acts": 3}
    assert (RefusedScan.objects.get().code, walk.tasks.get().picked) == ("A-9", 1)
    assert device.client.post(sync, json.dumps({"acts": ["x"]}), content_type="application/json").status_code == 422
