"""A manager imports a file of orders, sees what is wrong with it, and reads the credits of an old order."""

import pytest

from oms import roles
from orders.models import Order, OrderUpload
from tests.deliver import deliver
from tests.make import make_channel, make_user
from tests.orders.imports.uci_files import import_uci, uci_row, write_uci

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = """order_id;ordered_at;sku;item;quantity;unit_price;name;city;country;shipping
A1;31.05.2024;MUG;Mug "Berlin";2;9,50;Jörg Müller;Berlin;Germany;4,90
A1;31.05.2024;CUP;Cup;1;5,00;;;;4,90
A2;31.05.2024;MUG;Mug;two;9,50;Ann;Wien;AT;
"""


def test_a_file_is_checked_imported_and_its_bad_rows_named(page, log_in, screenshot, tmp_path):
    make_channel(name="Mug shop", prices_include_tax=False)
    path = tmp_path / "may.csv"
    path.write_text(FILE, encoding="cp1252")
    log_in(page, make_user(roles.MANAGER))
    page.goto("/admin/orders/import/")
    screenshot(page, "import orders")
    page.set_input_files("input[type=file]", path)
    page.get_by_label("Channel").select_option(label="Mug shop")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("'two' is no whole number of pieces.").wait_for()
    screenshot(page, "import checked")
    page.get_by_role("button", name="Import 1 order").click()
    page.get_by_text("This page looks again by itself").wait_for()
    deliver()
    page.get_by_text("Created", exact=True).wait_for()
    screenshot(page, "import done")
    assert Order.objects.get().ship_name == "Jörg Müller"
    assert OrderUpload.objects.get().status == "done"


def test_the_page_fits_a_phone(phone, log_in, screenshot):
    make_channel(name="Mug shop")
    log_in(phone, make_user(roles.MANAGER))
    phone.goto("/admin/orders/import/")
    phone.get_by_role("button", name="Check the file").wait_for()
    screenshot(phone, "import orders phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_credits_stand_on_the_order_they_undid(page, log_in, screenshot, tmp_path):
    rows = [uci_row("536365"), uci_row("536365", "21730"), uci_row("C536400", quantity=-2, at="2011-01-05 10:00:00")]
    import_uci(write_uci(tmp_path, *rows))
    log_in(page, make_user(roles.MANAGER))
    page.goto(f"/admin/orders/order/{Order.objects.get().pk}/change/")
    page.get_by_text("Credits of the old system").wait_for()
    screenshot(page, "imported order")
    page.get_by_role("link", name="C536400").click()
    page.get_by_text("Credit C536400").first.wait_for()
    screenshot(page, "account entry")
