"""A customer chooses on his phone what becomes of missing pieces."""

import pytest

from orders.customer.links import customer_link
from orders.models import ShortageQuestion, Substitute
from tests.make import make_sku
from tests.orders.test_shortage import asked


@pytest.fixture
def order(live_server, settings):
    settings.SITE_URL = live_server.url
    order, mug, home = asked(brand_color="#facc15", support_email="help@mugs.example")
    Substitute.objects.create(sku=mug, substitute=make_sku(3, home, name="Blue mug"))
    return order


def test_customer_chooses_on_his_phone(order, open_page, screenshot):
    page = open_page(390, 844, java_script_enabled=False)
    page.goto(customer_link(order))
    screenshot(page, "customer-shortage-390")
    page.click("text=Choose now")
    screenshot(page, "customer-missing-390")
    assert page.locator("html").bounding_box()["width"] <= 390
    page.click("text=Deutsch")
    screenshot(page, "customer-missing-de-390")
    page.check("[value=substitute]")
    page.click("text=So machen")
    screenshot(page, "customer-missing-done-390")
    assert "Danke" in page.inner_text("body")
    assert ShortageQuestion.objects.get().answer == "substitute"
    assert "Blue mug" in page.inner_text("body")
