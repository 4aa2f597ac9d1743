"""A buyer's morning: walk the proposals by keys, read why, take one."""

from decimal import Decimal

import pytest

from inventory.models import Proposal, ReorderPolicy
from inventory.services.replenish import run
from tests.inventory.buying import lists
from tests.inventory.planning import make_proposal
from tests.make import make_sku


@pytest.fixture
def row(transactional_db):
    """A proposal of two on the list of one supplier, whose freight is free from 500."""
    row = make_proposal()
    row.supplier.free_freight_from = Decimal(500)
    row.supplier.save()
    listed = lists(row.supplier, make_sku(1, row.location, code="TRAY", name="Tray"))
    ReorderPolicy.objects.create(sku=listed.sku, method="min_max", minimum=5, maximum=20)
    run()
    return row


def test_a_buyer_walks_reads_and_accepts(page, admin_user, log_in, row, screenshot):
    log_in(page, admin_user)
    page.goto("/admin/inventory/proposal/")
    screenshot(page, "proposals")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/proposal/{row.pk}/")
    assert page.locator("svg.oms-course rect").count() >= 26
    screenshot(page, "proposal")
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url.endswith("/") and f"/{row.pk}/" not in url)
    page.keyboard.press("k")
    page.wait_for_url(f"**/proposal/{row.pk}/")
    page.get_by_label("Pieces").fill("96")
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Drafted:").wait_for()
    row.refresh_from_db()
    assert (row.status, row.decided_pieces) == (Proposal.Status.EDITED, 96)


def test_the_pages_fit_a_phone(phone, admin_user, log_in, row, screenshot):
    log_in(phone, admin_user)
    for name, path in (
        ("proposals", "proposal/"),
        ("proposal", f"proposal/{row.pk}/"),
        ("quality", "forecast/quality/"),
    ):
        phone.goto(f"/admin/inventory/{path}")
        screenshot(phone, f"{name}-phone")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
