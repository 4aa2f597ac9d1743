"""A buyer from a supplier's page to an order that the supplier has: type-ahead, yes of another, send, days."""

import pytest

from inventory.models import PurchaseOrder
from inventory.services import approve_purchase, draft_purchase
from oms import roles
from tests.inventory.buying import lists, make_purchase, make_supplier
from tests.make import make_location, make_sku, make_user


@pytest.fixture
def supplier(transactional_db):
    """A supplier of mugs, four euros each, in packs of six."""
    mug = make_sku(code="MUG-BLUE", name="Mug, blue, with a handle")
    return lists(make_supplier("CLAY", name="Clay & Sons"), mug, moq=12, pack_size=6).supplier


def test_an_order_is_written_and_approved(page, log_in, supplier, screenshot):
    place = make_location("BER", name="Warehouse Berlin")
    log_in(page, make_user(roles.BUYER))
    page.goto(f"/admin/inventory/supplier/{supplier.pk}/change/")
    screenshot(page, "supplier")
    page.get_by_role("link", name="new order").click()
    page.wait_for_url("**/purchaseorder/add/?supplier=*")
    page.select_option("#id_location", str(place.pk))
    screenshot(page, "purchase-new")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/change/")
    page.locator("input[name=sku]").first.press_sequentially("mug")
    page.wait_for_selector(".oms-suggest li >> text=MUG-BLUE")
    screenshot(page, "purchase-type-ahead")
    page.keyboard.press("Enter")
    page.keyboard.type("13")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=packs of 6: order 18")
    screenshot(page, "purchase-draft")
    page.locator("body").press("a")
    page.wait_for_selector("text=Approved")
    order = PurchaseOrder.objects.get()
    assert (order.status, order.lines.get().quantity) == ("approved", 13)


def test_it_is_sent_and_its_days_are_confirmed(page, log_in, supplier, screenshot):
    order = make_purchase(12, supplier=supplier)
    approve_purchase.approve(order.pk, actor="user:2")
    log_in(page, make_user(roles.BUYER))
    page.goto(f"/admin/inventory/purchaseorder/{order.pk}/change/")
    page.locator("body").press("s")
    page.wait_for_selector("dialog[open]")
    screenshot(page, "purchase-send")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Confirm dates")
    page.locator("body").press("d")
    page.wait_for_selector("dialog[open]")
    page.locator("dialog input[type=text]").first.fill("AB-4711")
    screenshot(page, "purchase-confirm")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Confirmed")
    order.refresh_from_db()
    assert (order.status, order.supplier_reference) == ("confirmed", "AB-4711")


def test_an_order_is_written_on_a_phone(phone, log_in, supplier, screenshot):
    order = draft_purchase.draft(supplier, make_location("BER"), actor="user:1")
    log_in(phone, make_user(roles.BUYER))
    phone.goto(f"/admin/inventory/purchaseorder/{order.pk}/change/")
    phone.locator("input[name=sku]").first.press_sequentially("mug")
    phone.wait_for_selector(".oms-suggest li >> text=MUG-BLUE")
    screenshot(phone, "purchase-type-ahead-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
