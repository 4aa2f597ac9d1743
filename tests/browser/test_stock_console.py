"""The console's stock lists on a desk and in a hand."""

import pytest

from inventory.models import KitComponent, SkuBarcode
from tests.make import make_location, make_sku


@pytest.fixture
def mug(transactional_db):
    sku = make_sku(10, make_location("BER"), code="MUG-BLUE", name="Mug, blue, with a handle", unit_cost=3)
    SkuBarcode.objects.create(sku=sku, code="4006381333931")
    KitComponent.objects.create(kit=make_sku(code="SET", kind="kit"), component=sku, quantity=6)
    return sku


def test_stock_lists_are_readable_at_both_widths(page, phone, admin_user, log_in, mug, screenshot):
    for name, one in (("", page), ("-phone", phone)):
        log_in(one, admin_user)
        for what in ("sku", "stocklevel", "stockentry", f"sku/{mug.pk}/change"):
            one.goto(f"/admin/inventory/{what}/")
            assert one.get_by_text("MUG-BLUE").first.is_visible() or "change" in what
            screenshot(one, f"console-{what.split('/')[0]}{'-change' if 'change' in what else ''}{name}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_reads_where_it_is(phone, admin_user, log_in, mug, screenshot):
    log_in(phone, admin_user)
    for path, name in (("", "SKUs"), (f"{mug.pk}/change/", "MUG-BLUE")):
        phone.goto(f"/admin/inventory/sku/{path}")
        [step] = phone.locator("#header-inner h1 > .truncate:visible").all()
        assert step.inner_text() == name
        assert step.evaluate("one => one.scrollWidth <= one.clientWidth")
