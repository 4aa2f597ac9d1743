"""A shop is connected, a SKU mapped, a refused order replayed; a partner's webhooks are read and sent again."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from oms import roles
from oms.partners.services.webhooks import add_endpoint
from orders.models import Channel, Connection, Order, SkuAlias
from tests.deliver import deliver
from tests.make import make_channel, make_sku, make_user
from tests.oms.partners.conftest import happen, listener, make_listener, partner, tell  # noqa: F401 (fixtures)
from tests.orders.channels.feed import line, make_connection, order, take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.corrupt(16)]  # webhooks of things that are none

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_shop_is_connected(page, log_in, screenshot):
    channel = make_channel(code="SHOP", name="Mug shop")
    log_in(page, make_user("Manager"))
    page.goto(f"/admin/orders/connection/add/?channel={channel.pk}")
    page.select_option("[name=kind]", "amazon")
    expect(page.locator("[name=marketplaces]")).to_be_visible()
    page.select_option("[name=kind]", "shopify")
    expect(page.locator("[name=marketplaces]")).to_be_hidden()
    page.fill("[name=base_url]", "https://mugs.example.com")
    page.fill("[name=secret]", "whs-77")
    screenshot(page, "connection-add")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("body")).to_contain_text(f"{settings.SITE_URL}/hooks/channels/SHOP/")
    screenshot(page, "connection")
    assert Connection.objects.get().is_shadow


@pytest.fixture
def shop():
    """A shop that sent an order of an unknown SKU, and one while its channel was paused."""
    shop = make_connection(name="Mug shop")
    make_sku(9, code="MUG-RED", name="Red mug")
    take(shop, order(line("MUG-RD")))
    Channel.objects.update(is_paused=True)
    take(shop, order(line("MUG-RED"), pk=5002))
    Channel.objects.update(is_paused=False)
    return shop


def test_an_unknown_sku_is_mapped_and_a_refused_order_replayed(page, phone, log_in, shop, screenshot):
    cs = make_user(roles.CS)
    for one in (page, phone):
        log_in(one, cs)
    page.goto("/admin/")
    screenshot(page, "home-channels")
    alias = SkuAlias.objects.get()
    phone.goto(f"/admin/orders/skualias/{alias.pk}/change/")
    screenshot(phone, "channel-sku-phone")
    assert phone.evaluate(WIDER) <= 0
    page.goto(f"/admin/orders/skualias/{alias.pk}/change/")
    screenshot(page, "channel-sku")
    page.get_by_label("MUG-RED").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("body")).to_contain_text("that go on now: 1")
    deliver()
    page.goto("/admin/orders/channeldocument/?status=refused")
    screenshot(page, "channel-inbox")
    page.locator(".field-received_at a").click()
    page.get_by_text("As it came").wait_for()
    screenshot(page, "channel-document")
    page.get_by_text("Replay").click()
    page.get_by_text("Work it again?").wait_for()
    page.get_by_role("button", name="Replay").click()
    page.get_by_text("It will be worked again").wait_for()
    deliver()
    assert Order.objects.count() == 2


def test_a_delivery_is_read_and_sent_again(page, phone, log_in, partner, listener, screenshot):  # noqa: F811
    endpoint = add_endpoint(partner, url=listener.url, events=["*"])
    listener.answer = 500
    happen(partner, sequence=3)
    tell()
    manager = make_user("Manager")
    for one in (page, phone):
        log_in(one, manager)
        one.goto(reverse("partners:status", args=[partner.pk]))
        screenshot(one, f"partner-status-{one.viewport_size['width']}")
        assert one.evaluate(WIDER) <= 0
        one.goto(reverse("partners:endpoint", args=[endpoint.pk]))
        screenshot(one, f"endpoint-{one.viewport_size['width']}")
        assert one.evaluate(WIDER) <= 0
    listener.answer = 204
    page.get_by_role("button", name="Redeliver").click()
    expect(page.locator("body")).to_contain_text("is sent again")
