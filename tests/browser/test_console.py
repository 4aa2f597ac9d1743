"""A day of customer service, with the keyboard, as USERS describes it."""

import re

import pytest

from oms import roles
from orders.models import Channel, Hold, Order, Price
from tests.deliver import deliver
from tests.make import make_channel, make_order, make_sku, make_user

BLOB = "Erika Mustermann\nHeidestraße 17\n51147 Köln\nDeutschland"


@pytest.fixture
def cs(page, log_in):
    """A desk of customer service."""
    log_in(page, make_user(roles.CS, first_name="Anna"))
    return page


@pytest.fixture
def orders():
    """Three placed orders, the newest last."""
    return [make_order(make_sku(20, code=f"MUG-{i}"), 3, phone="+4930123456") for i in range(3)]


def at(order):
    return re.compile(rf"/admin/orders/order/{order.pk}/change/$")


def test_an_order_is_found_by_pasting_and_enter(cs, orders, screenshot):
    cs.goto("/admin/")
    cs.keyboard.press("/")
    cs.keyboard.insert_text(orders[1].number)
    cs.keyboard.press("Enter")
    cs.wait_for_url(at(orders[1]))
    screenshot(cs, "console-order")
    cs.keyboard.press("Control+k")
    cs.keyboard.insert_text("ann@example.com")
    cs.wait_for_selector(".oms-hits li:nth-child(3)")
    screenshot(cs, "console-search")
    cs.keyboard.press("ArrowDown")
    cs.keyboard.press("Enter")
    cs.wait_for_url(at(orders[1]))


def test_many_pasted_numbers_open_as_a_list(cs, orders, screenshot):
    cs.goto("/admin/")
    cs.keyboard.press("Control+k")
    cs.keyboard.insert_text(f"{orders[0].number}\n{orders[2].number}\n999999")
    cs.wait_for_selector(".oms-many")
    cs.keyboard.press("Enter")
    cs.wait_for_url("**/orders/order/?pasted=*")
    assert cs.locator("#result_list tbody").count() == 2
    assert cs.get_by_text("999999").count() == 1
    screenshot(cs, "console-pasted")


def test_j_and_k_walk_the_list_one_came_from(cs, orders):
    cs.goto("/admin/orders/order/?status=open")
    cs.keyboard.press("j")
    cs.keyboard.press("j")
    cs.keyboard.press("Enter")
    cs.wait_for_url(at(orders[1]))
    assert cs.inner_text("#oms-walk [data-at]") == "2 of 3"
    cs.keyboard.press("j")
    cs.wait_for_url(at(orders[0]))
    cs.keyboard.press("k")
    cs.wait_for_url(at(orders[1]))
    cs.keyboard.press("u")
    cs.wait_for_url("**/orders/order/?status=open")


def test_walking_goes_on_over_the_end_of_a_page(cs, orders, monkeypatch):
    monkeypatch.setattr("orders.admin.order.OrderAdmin.list_per_page", 2, raising=False)
    cs.goto("/admin/orders/order/")
    cs.keyboard.press("j")
    cs.keyboard.press("j")
    cs.keyboard.press("Enter")
    cs.wait_for_url(at(orders[1]))
    cs.keyboard.press("j")
    cs.wait_for_url(at(orders[0]))
    assert cs.inner_text("#oms-walk [data-at]") == "3 of 3"
    cs.keyboard.press("u")
    cs.wait_for_url("**/orders/order/?p=2")


def test_hold_undo_and_release_with_keys(cs, orders, screenshot):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.keyboard.press("h")
    cs.wait_for_selector("#oms-dialog[open]")
    screenshot(cs, "console-hold")
    cs.keyboard.insert_text("Which colour?")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("form.oms-undo")
    assert Hold.objects.active().count() == 1
    screenshot(cs, "console-held")
    cs.keyboard.press("z")
    cs.wait_for_selector("text=Undone")
    assert not Hold.objects.active().exists()
    cs.keyboard.press("h")
    cs.wait_for_selector("#oms-dialog[open]")
    cs.keyboard.insert_text("Which size?")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("form.oms-undo")
    cs.keyboard.press("r")
    cs.wait_for_selector("#oms-dialog[open]")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("text=released")
    assert not Hold.objects.active().exists()


def test_an_address_is_changed_by_pasting_it(cs, orders, screenshot):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.keyboard.press("e")
    cs.wait_for_url("**/edit/")
    cs.wait_for_selector("#oms-blob:focus")
    cs.keyboard.insert_text(BLOB)
    cs.wait_for_function("document.querySelector('[name=city]').value === 'Köln'")
    screenshot(cs, "console-edit")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_url(at(orders[0]))
    assert Order.objects.get(pk=orders[0].pk).ship_to["line1"] == "Heidestraße 17"


def test_more_pieces_show_their_money_first(cs, orders, screenshot):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/edit/")
    cs.fill(f"[name=qty-{orders[0].lines.get().pk}]", "5")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("text=€19.00 more")
    screenshot(cs, "console-edit-delta")
    assert orders[0].lines.get().quantity == 3
    cs.locator("body").press("Control+Enter")
    cs.wait_for_url(at(orders[0]))
    assert orders[0].lines.get().quantity == 5


def test_a_doubtful_address_is_yellow_until_somebody_looks(cs, orders):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/edit/")
    cs.fill("#oms-blob", "Hans Meier\nTorstr. 12\nBerlin\nGermany")
    cs.wait_for_selector("[name=postcode].oms-doubtful")
    cs.fill("[name=postcode]", "10119")
    assert cs.locator("[name=postcode].oms-doubtful").count() == 0


def test_a_line_is_cancelled_in_part(cs, orders, screenshot):
    line = orders[0].lines.get()
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.keyboard.press("x")
    cs.wait_for_selector("#oms-dialog[open]")
    screenshot(cs, "console-cancel")
    cs.fill(f"[name=line-{line.pk}]", "1")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("text=the lines are cancelled")
    line.refresh_from_db()
    assert line.cancelled == 1


def test_what_is_refused_in_a_dialog_keeps_what_was_typed(cs, orders):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.keyboard.press("n")
    cs.wait_for_selector("#oms-dialog[open]")
    cs.fill("#oms-dialog [name=text]", "x" * 1000)
    cs.evaluate("document.querySelector('#oms-dialog [name=text]').removeAttribute('maxlength')")
    cs.fill("#oms-dialog [name=text]", "x" * 1001)
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("text=at most 1000 characters")
    assert cs.input_value("[name=text]") == "x" * 1001


@pytest.fixture
def caller():
    """Somebody who bought at a phone channel before, which has prices for a mug and for tea."""
    channel = make_channel(kind=Channel.Kind.PHONE)
    mug, tea = make_sku(9, code="MUG-BLUE", name="Blue mug"), make_sku(9, code="TEA-GREEN", name="Green tea")
    for sku, amount in ((mug, "9.50"), (tea, "4.20")):
        Price.objects.create(channel=channel, sku=sku, amount=amount)
    make_order(mug, phone="+4930123456", channel=channel)


def test_a_phone_order_is_taken_without_the_mouse(cs, caller, screenshot):
    cs.goto("/admin/orders/order/")
    cs.keyboard.press("p")
    cs.wait_for_url("**/orders/phone/")
    cs.wait_for_selector("[name=phone]:focus")
    cs.keyboard.type("030 123456")
    cs.wait_for_selector("#oms-callers button")
    cs.keyboard.press("Enter")
    cs.wait_for_selector("[name=sku]:focus")
    assert cs.input_value("[name=line1]") == "Unter den Linden 1"
    cs.keyboard.type("mug")
    cs.wait_for_selector(".oms-suggest li")
    screenshot(cs, "console-phone-suggest")
    cs.keyboard.press("Enter")
    cs.keyboard.type("2")
    cs.keyboard.press("Enter")
    cs.keyboard.type("green")
    cs.wait_for_selector(".oms-suggest li:has-text('Green tea')")
    cs.keyboard.press("Enter")
    cs.wait_for_selector("#oms-quote >> text=€23.20")
    cs.wait_for_selector("#oms-quote >> text=arrives by")
    cs.locator("#oms-quote [data-fill]").press("Enter")
    cs.wait_for_selector("#oms-quote >> text=€33.00")
    screenshot(cs, "console-phone")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_url("**/change/")
    order = Order.objects.latest("pk")
    assert (order.gross, order.phone, order.email) == (pytest.approx(order.gross), "+4930123456", "ann@example.com")
    assert [(line.sku_code, line.quantity) for line in order.lines.all()] == [("MUG-BLUE", 2), ("TEA-GREEN", 1)]


def test_keys_stand_on_buttons_and_in_the_help(cs, orders):
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.keyboard.press("?")
    cs.wait_for_selector("#oms-keys[open]")
    text = cs.inner_text("#oms-keys")
    for word in ("Hold", "Cancel", "Edit", "Note"):
        assert word in text


def test_keys_do_nothing_while_typing(cs, orders):
    cs.goto("/admin/orders/order/")
    cs.click("#searchbar")
    cs.keyboard.type("jk?px")
    assert cs.input_value("#searchbar") == "jk?px"
    assert cs.url.endswith("/admin/orders/order/")


def test_a_number_is_copied_by_a_click(cs, orders):
    cs.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cs.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    cs.click(f"[data-copy='{orders[0].number}']")
    cs.wait_for_selector("#oms-toast.oms-on")
    assert cs.evaluate("navigator.clipboard.readText()") == orders[0].number


def test_after_an_action_the_list_is_as_it_was(cs, screenshot):
    many = [make_order() for _ in range(30)]
    cs.goto("/admin/orders/order/?status=open")
    row = cs.locator("#result_list tbody").nth(28)
    row.locator("[type=checkbox]").check()
    top = cs.evaluate("scrollY")
    cs.select_option("select[name=action]", "hold")
    cs.click("text=Run")
    cs.wait_for_url("**/bulk/hold/**")
    screenshot(cs, "console-bulk")
    cs.fill("[name=reason]", "Strike")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_url("**/orders/order/?status=open")
    assert many[1].holds.exists()
    cs.wait_for_function(f"Math.abs(scrollY - {top}) < 60")


def test_a_saved_view_counts_in_the_sidebar(cs, orders):
    cs.goto("/admin/orders/order/?status=open&payment=unpaid")
    cs.keyboard.press("s")
    cs.wait_for_selector("#oms-dialog[open]")
    cs.keyboard.insert_text("Unpaid")
    cs.keyboard.press("Control+Enter")
    cs.wait_for_selector("[data-view]:has-text('3')")


def test_moments_are_shown_in_the_viewers_zone(open_page, log_in, orders):
    page = open_page(1280, 900, timezone_id="Asia/Tokyo")
    log_in(page, make_user(roles.CS))
    Order.objects.filter(pk=orders[0].pk).update(ordered_at="2026-01-01T20:00Z")
    page.goto("/admin/")
    page.goto(f"/admin/orders/order/{orders[0].pk}/change/")
    assert "2 Jan 2026, 05:00" in page.inner_text("header.oms-order-head")


@pytest.mark.parametrize(
    "path", ["", "orders/order/", "orders/order/{pk}/change/", "orders/order/{pk}/edit/", "orders/phone/"]
)
def test_pages_fit_a_phone(phone, log_in, orders, path, screenshot):
    deliver()
    log_in(phone, make_user(roles.CS, roles.FINANCE))
    phone.goto("/admin/" + path.format(pk=orders[0].pk))
    screenshot(phone, f"console-phone-{path.strip('/').replace('/', '-').replace('{pk}', 'n') or 'home'}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
