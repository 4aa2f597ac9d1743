"""The lead's waves in Chromium, by keys; the picker who scans totes; the figures of people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList, RefusedScan, Wave
from fulfilment.services import wave
from fulfilment.services.pick import pick
from orders.services import holds
from tests.browser.test_floor import floor, person, press, scan  # noqa: F401 (fixtures)
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, work_of
from tests.fulfilment.waves import make_preset

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def preset(floor):  # noqa: F811
    order, cup, pot = floor
    place = work_of(order).location
    confirmed((cup, 1)), confirmed((pot, 1))
    held = confirmed((cup, 1))
    holds.put(held.pk, "manual", "ask first")
    FulfilmentOrder.objects.filter(order=order).update(ship_by=timezone.now() + timedelta(minutes=1))
    make_preset(place, name="Express", priority=3)
    return make_preset(place, name="All of it", mode="cluster", totes=2, verifies_totes=True)


def test_preset_preview_release_print_by_keys(page, person, preset, screenshot):  # noqa: F811
    person("Warehouse lead", page)
    page.goto("/floor/board/")
    screenshot(page, "waves-board")
    press(page, "1")
    page.get_by_text("Promises at risk").wait_for()
    screenshot(page, "waves-preview")
    press(page, "r")
    page.get_by_text("is released: 2 lists.").wait_for()
    screenshot(page, "waves-released")
    with page.context.expect_page():
        press(page, "p")
    assert Wave.objects.get().status == "released"
    deliver()


def test_the_lead_at_a_phone(phone, person, preset, screenshot):  # noqa: F811
    person("Warehouse lead", phone)
    planned = wave.preview(preset, actor="user:1")
    for path in ("board/", "waves/", f"waves/{planned.pk}/"):
        phone.goto(f"/floor/{path}")
        screenshot(phone, f"waves-{path.replace('/', '-')}phone")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    wave.release_wave(planned.pk, actor="user:1")
    long_ago = timezone.now() - timedelta(hours=1)
    for task in PickList.objects.first().tasks.all()[:1]:
        pick(task.pk, picked=1, actor="user:1")
    FulfilmentOrder.objects.filter(status="picking").update(touched_at=long_ago)
    for path in ("board/", f"waves/{planned.pk}/"):
        phone.goto(f"/floor/{path}")
        screenshot(phone, f"waves-going-{path.replace('/', '-')}phone")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    deliver()


def test_the_tote_is_scanned_with_and_without_a_connection(phone, person, preset, screenshot):  # noqa: F811
    person("Picker", phone)
    wave.release_wave(wave.preview(preset, actor="user:1").pk, actor="user:1")
    walk = PickList.objects.filter(tasks__sku__code="CUP-1001").order_by("pk").first()
    task = walk.tasks.in_walking_order().first()
    phone.goto(f"/floor/lists/{walk.pk}/")
    scan(phone, task.bin)
    phone.get_by_text("Scan the item").wait_for()
    press(phone, "t")
    phone.get_by_text("Scan tote").wait_for()
    screenshot(phone, "waves-tote-phone")
    phone.context.set_offline(True)
    scan(phone, f"{walk}-9")
    phone.get_by_text("Put it into tote").wait_for()
    press(phone, "Space")
    scan(phone, f"{walk}-{task.fulfilment_line.fulfilment_order.tote}")
    phone.get_by_text("No connection. 1 picks are kept here").wait_for()
    phone.context.set_offline(False)
    phone.locator(".alone:empty").wait_for(state="attached")
    task.refresh_from_db()
    assert task.picked == task.quantity
    assert RefusedScan.objects.get().kind == "tote"
    deliver()


def test_people(page, person, preset, screenshot):  # noqa: F811
    user = person("Manager", page)
    wave.release_wave(wave.preview(preset, actor="user:1").pk, actor="user:1")
    for walk in PickList.objects.all():
        PickList.objects.filter(pk=walk.pk).update(started_at=timezone.now() - timedelta(minutes=2))
        for task in walk.tasks.all():
            pick(task.pk, picked=task.quantity, actor=f"user:{user.pk}")
    work = FulfilmentOrder.objects.filter(pick_list__isnull=False).first()
    RefusedScan.objects.create(
        location=work.location,
        kind="item",
        fulfilment_order=work,
        sku=work.lines.first().sku,
        code="POT",
        scanned_by=f"user:{user.pk}",
    )
    page.goto("/admin/fulfilment/people/")
    page.get_by_text("another item").wait_for()
    screenshot(page, "waves-people")
    page.goto("/admin/fulfilment/wavepreset/add/")
    screenshot(page, "waves-preset-form")
    deliver()
