"""A spreadsheet is uploaded, its columns named, its bad cell seen, imported, mended and uploaded again."""

import pytest
from playwright.sync_api import expect

from oms import roles
from orders.models import Order
from tests.deliver import deliver
from tests.make import make_location, make_sku, make_user
from tests.orders.imports.sheets.feed import CHECK, TAKE, make_sheets, row, text_of

pytestmark = pytest.mark.django_db(transaction=True)

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def file(tmp_path):
    place = make_location()
    for code in ("MUG", "CUP"):
        make_sku(90, place, code=code)
    make_sheets(name="Mug shop")
    path = tmp_path / "may.csv"
    rows = [row("A1", pieces="2"), row("A1", "CUP"), row("A2", pieces="two"), row("A2", "CUP"), row("A3", "TASSE")]
    path.write_text(text_of(*rows), encoding="cp1252")
    return path


def test_upload_map_preview_import_mend_upload(page, phone, log_in, screenshot, file):
    manager = make_user(roles.MANAGER)
    for one in (page, phone):
        log_in(one, manager)
    page.goto("/admin/orders/sheets/")
    screenshot(page, "sheets")
    send(page, file)
    expect(page.get_by_label("SKU (required)")).to_have_value("Artikelnummer")
    seen(page, phone, screenshot, "sheet-columns")
    check(page)
    page.get_by_text("'two' is no whole number of pieces.").wait_for()
    seen(page, phone, screenshot, "sheet-checked")
    page.get_by_role("button", name="Import 2 orders").click()
    page.get_by_text("Being imported:").wait_for()
    screenshot(page, "sheet-at-work")
    take(page)
    seen(page, phone, screenshot, "sheet-done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    file.write_text(download.value.path().read_text(encoding="utf-8-sig").replace(",two,", ",2,"))
    page.get_by_role("link", name="All files").click()
    send(page, file)
    check(page)
    page.get_by_role("button", name="Import 1 order").click()
    take(page)
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["A1", "A2"]
    deliver()


def send(page, file):
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload Ctrl Enter").click()


def check(page):
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("Being checked:").wait_for()
    deliver(CHECK)


def take(page):
    page.get_by_text("Being imported:").wait_for()
    deliver(TAKE)
    page.get_by_text("Placed", exact=True).wait_for()


def seen(page, phone, screenshot, name):
    """Look at a page on the desk and in the hand, where it must not be wider than the screen."""
    screenshot(page, f"{name}-1280")
    phone.goto(page.url)
    screenshot(phone, f"{name}-390")
    assert phone.evaluate(WIDER) <= 0
