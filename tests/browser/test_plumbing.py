"""What a person does about a delivery that was given up, an e-mail, and a partner's key."""

import pytest
from django.db import transaction
from django.utils import timezone

from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from oms.papers.services.queue_message import queue_message
from oms.partners.models import Partner, PartnerKey
from oms.subscribers import EMAILS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ann")]


@pytest.fixture
def ann(page, admin_user, log_in):
    log_in(page, admin_user)


def test_dead_letter_is_tried_again(page, screenshot):
    with transaction.atomic():
        publish("document.requested", "thing:1", document=0)
    Delivery.objects.update(dead_at=timezone.now(), attempts=8, last_error="OSError: away")
    page.goto("/admin/outbox/delivery/?state=dead")
    screenshot(page, "dead letters")
    page.get_by_role("link", name="oms.papers.tasks.make_document").click()
    page.get_by_text("Try again").click()
    page.get_by_text("Try this delivery again?").wait_for()
    screenshot(page, "dead letter retry")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("It will be tried again.").wait_for()
    assert Delivery.objects.get().dead_at is None


def test_email_is_previewed(page, screenshot, monkeypatch):
    monkeypatch.setitem(EMAILS, "greeting", "tests.oms.papers.pieces.greeting")
    message = queue_message("greeting", "thing:7", 7, to="ann@example.com", language="en")
    page.goto(f"/admin/papers/message/{message.pk}/preview/")
    page.frame_locator("iframe").get_by_role("link", name="See your order").wait_for()
    screenshot(page, "email preview")


def test_key_is_made_and_shown_once(page, screenshot):
    partner = Partner.objects.create(code="ACME", name="Acme")
    page.goto(f"/admin/partners/partner/{partner.pk}/change/")
    page.get_by_text("New API key").click()
    page.set_viewport_size({"width": 1280, "height": 600})
    page.fill("#dialog [name=name]", "shop")
    box = page.locator("#modal-content").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 600, "its button can be scrolled to"
    page.get_by_label("Used by").select_option("a shop or marketplace")
    page.get_by_label("purchases:read").check()
    screenshot(page, "new key")
    page.get_by_role("button", name="Create").click()
    key = page.locator("code").inner_text()
    assert PartnerKey.objects.get().prefix == key.partition(".")[0]
    screenshot(page, "key shown once")
    page.get_by_text("Done, I have it").click()
    page.get_by_text(PartnerKey.objects.get().prefix).first.wait_for()
    assert key not in page.content()
