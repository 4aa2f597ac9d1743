import json
from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Order, OrderChange
from orders.pages.console.edit import values_of
from orders.services import change, pay
from tests.make import ADDRESS, make_order, make_sku

pytestmark = pytest.mark.django_db


def opened(order):
    """What the form of a freshly opened page posts when nothing is typed."""
    order = Order.objects.get(pk=order.pk)
    values = values_of(order, list(order.lines.priced()))
    return {**values, "version": order.version, "base": json.dumps(values), "channel": order.channel_id}


def send(client, order, **typed):
    return client.post(reverse("console:edit", args=[order.pk]), typed, follow=True)


def test_an_address_is_changed_at_once(cs, said):
    order = make_order()
    response = send(cs, order, **{**opened(order), "line1": "Torstr. 12", "postcode": "10119"})
    assert said(response) == [f"Order {order} is changed."]
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.ship_to["postcode"]) == ("Torstr. 12", "10119")


def test_an_address_that_cannot_be_is_held_and_goods_are_no_download(cs):
    order = make_order()
    send(cs, order, **{**opened(order), "postcode": "ABC"})
    assert order.holds.active().get().kind == "address"
    response = send(cs, order, **{**opened(order), "method": "digital"})
    assert response.context["form"].errors["method"] == ["Goods are no download: have them shipped or collected."]


def test_more_money_is_shown_before_it_is_asked_for(cs):
    order = make_order(quantity=1)
    typed = {**opened(order), f"qty-{order.lines.get().pk}": 3}
    response = send(cs, order, **typed)
    assert "pays €19.00 more" in response.content.decode()
    order.refresh_from_db()
    assert order.gross == Decimal("9.5")
    send(cs, order, **typed, change=response.context["change"].pk)
    order.refresh_from_db()
    assert order.lines.get().quantity == 3


def test_less_money_is_named_and_what_becomes_of_it(cs):
    order = make_order(quantity=2)
    page = send(cs, order, **{**opened(order), f"qty-{order.lines.get().pk}": 1}).content.decode()
    assert "pays €9.50 less" in page
    assert "goes back by itself" in page


def test_what_is_typed_after_the_preview_is_previewed_again(cs):
    order = make_order(quantity=1)
    line = f"qty-{order.lines.get().pk}"
    shown = send(cs, order, **{**opened(order), line: 3}).context["change"]
    again = send(cs, order, **{**opened(order), line: 4}, change=shown.pk)
    assert again.context["change"].pk != shown.pk
    assert order.lines.get().quantity == 1


def test_another_orders_preview_is_not_applied(cs):
    mine, other = make_order(), make_order()
    foreign = change.preview(other.pk, {"email": "new@example.com"})
    send(cs, mine, **{**opened(mine), f"qty-{mine.lines.get().pk}": 2}, change=foreign.pk)
    foreign.refresh_from_db()
    assert foreign.status == OrderChange.Status.PREVIEWED
    assert mine.lines.get().quantity == 1


def test_a_sku_can_be_added(cs):
    order, tea = make_order(), make_sku(5, code="TEA")
    typed = {**opened(order), "sku": ["tea"], "quantity": ["2"], "price": ["4,50"]}
    shown = send(cs, order, **typed).context["change"]
    assert shown.delta == 9
    send(cs, order, **typed, change=shown.pk)
    assert order.lines.filter(sku=tea, quantity=2).exists()


def test_more_than_an_amount_can_be_is_refused(cs):
    order = make_order(unit_price=Decimal(999_999_999))
    response = send(cs, order, **{**opened(order), f"qty-{order.lines.get().pk}": 1_000_000})
    assert response.status_code == 422
    assert "comes to less than" in response.content.decode()
    assert order.lines.get().quantity == 1


def test_nothing_typed_is_told(cs):
    order = make_order()
    response = send(cs, order, **opened(order))
    assert response.status_code == 422
    assert "Nothing is changed yet" in response.content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(cs):
    order = make_order()
    response = send(cs, order, **{**opened(order), "city": "", "name": "Bob"})
    assert response.status_code == 422
    assert "missing" in str(response.context["form"].errors["city"])
    assert response.context["form"]["name"].value() == "Bob"
    order.refresh_from_db()
    assert order.ship_to["name"] == "Ann Miller"


def test_a_stale_form_shows_both_versions_and_overwrites_nothing(cs):
    order = make_order()
    mine = {**opened(order), "line1": "My street 1"}
    change.change(order.pk, {"ship_to": {**order.ship_to, "line1": "Their street 2", "city": "Bonn"}})
    response = send(cs, order, **mine)
    assert response.context["both"] == [("Street and number", "Their street 2", "My street 1")]
    assert ("Town", "Bonn") in response.context["taken"]
    form = response.context["form"]
    assert (form["line1"].value(), form["city"].value()) == ("My street 1", "Bonn")
    order.refresh_from_db()
    assert order.ship_to["line1"] == "Their street 2"


def test_sending_a_stale_form_again_keeps_mine_and_theirs(cs):
    order = make_order()
    mine = {**opened(order), "line1": "My street 1"}
    change.change(order.pk, {"ship_to": {**order.ship_to, "line1": "Their street 2", "city": "Bonn"}})
    response = send(cs, order, **mine)
    shown = {name: response.context["form"][name].value() for name in response.context["form"].fields}
    again = {**shown, "version": response.context["order"].version, "base": response.context["base"]}
    send(cs, order, **again)
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.ship_to["city"]) == ("My street 1", "Bonn")


def test_a_stale_form_is_told_so_also_when_it_is_mistyped(cs):
    order = make_order()
    mine = {**opened(order), "name": "Ann Mueller", "postcode": "1" * 201}
    change.change(order.pk, {"ship_to": ADDRESS | {"line1": "Their street 2"}})
    response = send(cs, order, **mine)
    assert response.context["is_stale"]
    assert response.context["form"]["postcode"].value() == "1" * 201
    assert response.context["form"]["line1"].value() == "Their street 2"


def test_a_form_without_the_line_that_somebody_added_is_stale(cs):
    order = make_order()
    make_sku(5, code="TEA")
    mine = opened(order)
    change.change(order.pk, {"add": [{"sku": "TEA", "quantity": 1, "unit_price": "0"}]})
    response = send(cs, order, **{**mine, "name": "Ann Mueller"})
    assert response.context["is_stale"]
    assert [field.value() for _, field in response.context["quantities"]] == [1, 1]


def test_an_edited_address_keeps_its_phone(cs):
    order = make_order(ship_to=ADDRESS | {"phone": "+4930123456"})
    send(cs, order, **{**opened(order), "line1": "Torstr. 12"})
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.ship_to["phone"]) == ("Torstr. 12", "+4930123456")


def test_what_a_channel_may_send_can_be_edited(cs, said):
    order = make_order(ship_to=ADDRESS | {"region": "Mecklenburg-Vorpommern", "postcode": "10117 (Hinterhaus, 2. OG)"})
    response = send(cs, order, **{**opened(order), "line1": "Torstr. 12"})
    assert said(response) == [f"Order {order} is changed."]


def test_an_untouched_note_of_two_lines_is_no_change(cs):
    order = make_order(customer_note="one\ntwo")
    response = send(cs, order, **{**opened(order), "customer_note": "one\r\ntwo"})  # as browsers send it
    assert "Nothing is changed yet" in response.content.decode()


def test_an_order_that_is_done_says_so(cs):
    order = make_order()
    pay.add_payment(order.pk, amount=order.gross, reference="r1")
    cs.post(reverse("console:cancel", args=[order.pk]), {f"line-{order.lines.get().pk}": 1, "reason": "not paid"})
    response = send(cs, order, **{**opened(order), "line1": "Late street"})
    assert response.status_code == 422
    assert "cannot be changed any more" in response.content.decode()


@pytest.mark.parametrize("base", ["", "{", "[]", '{"line1": 7}', "[" * 100_000])
def test_a_broken_base_breaks_nothing(cs, base):
    order = make_order()
    assert send(cs, order, **{**opened(order), "base": base, "line1": "New 1"}).status_code in (200, 422)
