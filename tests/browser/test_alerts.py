"""What keeps missing: from a lead's home page to the dialog that settles it."""

import pytest

from inventory.models import StockAlert
from oms import roles
from tests.inventory.test_alerts import lose, with_minimum
from tests.make import make_location, make_sku, make_user


@pytest.fixture
def drift(transactional_db):
    """Cups that keep missing, beside mugs that run low."""
    berlin = make_location("BER")
    mug, cup = make_sku(20, berlin, code="MUG"), make_sku(90, berlin, code="CUP")
    lose(cup, berlin, 5, days_ago=3)
    lose(cup, berlin, 5)
    with_minimum(mug, 20)
    return StockAlert.objects.get(kind="drift")


def test_a_lead_settles_what_keeps_missing(page, phone, log_in, drift, screenshot):
    lead = make_user(roles.LEAD)
    for device, name in ((phone, "alerts-phone"), (page, "alerts")):
        log_in(device, lead)
        device.goto("/admin/inventory/stockalert/")
        screenshot(device, name)
    page.goto("/admin/")
    screenshot(page, "home-lead")
    page.get_by_text("Keeps missing").click()
    page.get_by_text("Looked into it").click()
    page.get_by_label("What was found?").fill("sold in pairs")
    screenshot(page, "alerts-settle")
    page.get_by_role("button", name="Settle").click()
    page.get_by_text("is settled").wait_for()
    drift.refresh_from_db()
    assert drift.note == "sold in pairs"
