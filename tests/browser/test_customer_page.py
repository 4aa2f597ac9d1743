"""The customer's page in a hand and on a desk, without scripts."""

from decimal import Decimal

import pytest

from orders.customer.links import customer_link
from orders.models import Order
from orders.services import confirm
from orders.services.intake import ChargeIn, LineIn
from orders.services.place import place
from returns.models import ReturnPolicy
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order_in, make_sku
from tests.orders.money import make_order_of, make_rates, ship


@pytest.fixture
def order(live_server, settings):
    settings.SITE_URL = live_server.url
    home = make_location(cutoff="14:00")
    long_name = "Mug “Sunrise over the Donaudampfschifffahrtsgesellschaft”, blue and white, 300 ml"
    lines = [
        LineIn(make_sku(9, home, name=long_name).code, 2, Decimal("9.50"), personalisation="For Ann"),
        LineIn(make_sku(9, home, name="Saucer").code, 2, Decimal("4.20")),
    ]
    channel = make_channel(support_email="help@mugs.example", support_phone="+49 30 1234567", brand_color="#facc15")
    return place(make_order_in(*lines, channel=channel, charges=[ChargeIn("shipping", Decimal("4.90"))]))


@pytest.fixture(params=[390, 1280])
def page(open_page, request):
    page = open_page(request.param, 844, java_script_enabled=False)
    page.width = request.param
    return page


def fits(page):
    return page.locator("html").bounding_box()["width"] <= page.width


def test_customer_changes_the_address_then_cancels(order, page, screenshot):
    page.goto(customer_link(order))
    screenshot(page, f"customer-order-{page.width}")
    assert fits(page)
    page.click("text=Change the address")
    screenshot(page, f"customer-address-{page.width}")
    page.fill("[name=line1]", "Torstr. 99")
    page.fill("[name=city]", "")
    page.click("text=Save the address")
    screenshot(page, f"customer-address-refused-{page.width}")
    page.fill("[name=city]", "Berlin")
    page.click("text=Save the address")
    page.locator("body", has_text="Torstr. 99").wait_for()
    page.click("text=Deutsch")
    screenshot(page, f"customer-order-de-{page.width}")
    page.click("a:has-text('Bestellung stornieren')")
    screenshot(page, f"customer-cancel-de-{page.width}")
    page.click("button:has-text('Bestellung stornieren')")
    screenshot(page, f"customer-cancelled-de-{page.width}")
    assert "Ihre Bestellung ist storniert" in page.inner_text("h1")
    order.refresh_from_db()
    assert (order.status, order.ship_to["line1"]) == ("cancelled", "Torstr. 99")
    deliver()


def test_lost_link(live_server, page, screenshot):
    page.goto(live_server.url + "/o/no-such-link/")
    screenshot(page, f"customer-lost-{page.width}")
    page.fill("[name=number]", "100001")
    page.fill("[name=email]", ADDRESS["name"].replace(" ", "@") + ".example")
    page.click("text=Mail me the link")
    screenshot(page, f"customer-mailed-{page.width}")
    assert "Look into your mailbox" in page.inner_text("h1")


def test_invoice_comes_for_a_second_proof(live_server, settings, page, screenshot):
    settings.SITE_URL = live_server.url
    make_rates()
    order = make_order_of((3, "10.00"), ship_to=ADDRESS)
    invoice = ship(order)
    page.goto(customer_link(order))
    screenshot(page, f"customer-shipped-{page.width}")
    page.click("text=Download the invoice")
    page.fill("[name=proof]", ADDRESS["postcode"])
    page.click(f"text=Invoice {invoice.code}")
    screenshot(page, f"customer-bills-{page.width}")
    assert "not the e-mail address" in page.inner_text("body")
    page.fill("[name=proof]", order.email)
    with page.expect_download() as download:
        page.click(f"text=Invoice {invoice.code}")
    assert download.value.suggested_filename == f"{invoice.code}.pdf"
    deliver()


def test_customer_sends_goods_back(order, page, screenshot):
    ReturnPolicy.objects.create(channel=order.channel, fee=Decimal("4.90"), is_approved_at_once=True)
    confirm.try_confirm(Order.objects.get(pk=order.pk))
    deliver()
    ship(order)
    page.goto(customer_link(order))
    page.click("text=Send something back")
    page.locator("main", has_text="€4.90").wait_for()
    page.click("button:has-text('Ask to send it back')")
    screenshot(page, f"customer-return-refused-{page.width}")
    page.check("label:has-text('Saucer')")
    page.select_option("[name=reason]", label="Arrived damaged")
    page.click("text=Deutsch")
    screenshot(page, f"customer-return-de-{page.width}")
    assert fits(page)
    page.check("label:has-text('Saucer')")
    page.select_option("[name=reason]", label="Beschädigt angekommen")
    page.click("button:has-text('Rücksendung anfragen')")
    screenshot(page, f"customer-returned-de-{page.width}")
    assert fits(page)
    with page.expect_download() as slip:
        page.click("text=Rücksendeschein herunterladen")
    assert slip.value.suggested_filename == f"Return-slip-{order.rmas.get()}.pdf"
    deliver()
