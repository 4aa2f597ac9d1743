from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Channel, Order, Price
from orders.services.cancel import cancel
from orders.services.draft import place_draft
from tests.make import make_channel, make_location, make_order, make_sku

pytestmark = pytest.mark.django_db
PHONE = "/admin/orders/phone/"


@pytest.fixture
def shop():
    """A phone channel whose price list names one mug, of which five are there."""
    channel = make_channel(kind=Channel.Kind.PHONE)
    mug = make_sku(5, code="MUG-BLUE", name="Blue mug")
    Price.objects.create(channel=channel, sku=mug, amount="9.50")
    return channel


def typed(shop, **changes):
    fields = {
        "external_id": "phone-1",
        "channel": shop.pk,
        "phone": "030 123456",
        "email": "bob@example.com",
        "name": "Bob Stone",
        "line1": "Torstr. 1",
        "postcode": "10119",
        "city": "Berlin",
        "country": "DE",
        "method": "standard",
        "sku": ["mug-blue", ""],
        "quantity": ["2", ""],
        "price": ["", ""],
    }
    return {**fields, **changes}


def test_an_order_is_taken_with_the_channels_price(cs, shop):
    response = cs.post(PHONE, typed(shop, shipping="4,90", discount="1,00"))
    order = Order.objects.get()
    assert response.url == f"/admin/orders/order/{order.pk}/change/"
    assert (order.status, order.gross, order.phone) == (Order.Status.PLACED, Decimal("22.90"), "+4930123456")
    assert order.allocations.get().quantity == 2


def test_the_same_form_twice_makes_one_order(cs, shop):
    cs.post(PHONE, typed(shop))
    cs.post(PHONE, typed(shop))
    assert Order.objects.count() == 1


def test_a_placed_form_with_something_else_in_it_is_refused(cs, shop, said):
    cs.post(PHONE, typed(shop, shipping="4.90", discount="1"))
    order = Order.objects.get()
    again = typed(shop, shipping="4,90", discount="1,00")
    assert said(cs.post(PHONE, again, follow=True))[-1] == f"Order {order} is placed."
    others = (
        {"quantity": ["7", ""]},
        {"line1": "Torstr. 2"},
        {"shipping": ""},
        {"discount": "2"},
        {"price": ["9", ""]},
    )
    for changes in others:
        response = cs.post(PHONE, again | changes)
        assert response.status_code == 422, changes
        assert f"Order {order} is placed already" in str(response.context["form"].non_field_errors())
    assert (order.lines.get().quantity, Order.objects.count()) == (2, 1)


def test_a_draft_that_was_placed_meanwhile_is_not_overwritten_without_a_word(cs, shop):
    cs.post(PHONE, typed(shop, do="draft"))
    draft = Order.objects.get()
    place_draft(draft.pk)
    for do in ("", "draft"):
        response = cs.post(f"{PHONE}{draft.pk}/", typed(shop, do=do, quantity=["3", ""]))
        assert response.status_code == 422
        assert "placed already" in str(response.context["form"].non_field_errors())
    assert draft.lines.get().quantity == 2


def test_each_opened_form_is_another_order(cs, shop):
    ids = {cs.get(PHONE).context["form"]["external_id"].value() for _ in range(2)}
    assert len(ids) == 2


def test_a_draft_holds_no_stock_and_is_placed_later(cs, shop):
    response = cs.post(PHONE, typed(shop, do="draft"))
    draft = Order.objects.get()
    assert draft.status == Order.Status.DRAFT
    assert not draft.allocations.exists()
    page = cs.get(response.url)
    assert {action["label"] for action in page.context["actions"]} >= {"Go on with the draft", "Cancel"}
    form = cs.get(f"{PHONE}{draft.pk}/")
    assert form.context["form"]["name"].value() == "Bob Stone"
    assert form.context["rows"] == [{"sku": "MUG-BLUE", "quantity": 2, "price": Decimal("9.5")}]
    cs.post(f"{PHONE}{draft.pk}/", typed(shop, quantity=["3", ""]))
    draft.refresh_from_db()
    assert (draft.status, draft.lines.get().quantity) == (Order.Status.PLACED, 3)


def test_a_placed_order_is_no_draft_any_more(cs, shop):
    cs.post(PHONE, typed(shop))
    order = Order.objects.get()
    assert cs.get(f"{PHONE}{order.pk}/").url == f"/admin/orders/order/{order.pk}/change/"


@pytest.mark.parametrize("do", ["", "draft"])
def test_a_draft_whose_channel_is_changed_stays_one_order(cs, shop, do):
    cs.post(PHONE, typed(shop, do="draft"))
    draft, other = Order.objects.get(), make_channel()
    Price.objects.create(channel=other, sku=shop.prices.get().sku, amount="9")
    for _ in range(2):
        cs.post(f"{PHONE}{draft.pk}/", typed(other, do=do))
    order = Order.objects.get()
    assert (order.pk, order.channel, order.gross) == (draft.pk, other, 18)
    assert order.status == ("draft" if do else "placed")


def test_a_draft_is_not_moved_onto_another_order(cs, shop):
    cs.post(PHONE, typed(shop, do="draft"))
    draft = Order.objects.get()
    other = make_order(external_id="phone-1").channel
    response = cs.post(f"{PHONE}{draft.pk}/", typed(other, price=["9.50", ""]))
    assert "has an order phone-1 already" in str(response.context["form"].errors["channel"])
    assert Order.objects.get(pk=draft.pk).channel == shop


def test_a_draft_that_somebody_else_saved_is_not_overwritten_unseen(cs, shop):
    cs.post(PHONE, typed(shop, do="draft"))
    draft = Order.objects.get()
    page = f"{PHONE}{draft.pk}/"
    opened = {"version": cs.get(page).context["draft"].version}
    cs.post(page, typed(shop, do="draft", quantity=["7", ""], **opened))
    mine = typed(shop, customer_note="Call", discount="nonsense", **opened)
    for typing in (mine, mine | {"discount": "1.00", "do": "draft"}):
        response = cs.post(page, typing)
        assert (response.status_code, response.context["is_stale"]) == (422, True)
        assert response.context["form"]["customer_note"].value() == "Call"
        assert draft.lines.get().quantity == 7
    cs.post(page, typing | {"version": response.context["draft"].version})
    draft.refresh_from_db()
    assert (draft.customer_note, draft.lines.get().quantity) == ("Call", 2)


def test_a_draft_that_was_cancelled_is_not_placed(cs, shop):
    cs.post(PHONE, typed(shop, do="draft"))
    cancel(Order.objects.get().pk, reason="mistake")
    assert cs.post(PHONE, typed(shop)).status_code == 422
    assert Order.objects.get().status == Order.Status.CANCELLED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"city": ""}, "city"),
        ({"email": "nonsense"}, "email"),
        ({"phone": "none"}, "phone"),
        ({"discount": "999"}, "discount"),
        ({"method": "pickup"}, "pickup_location"),
        ({"sku": ["NOPE", ""]}, "__all__"),
        ({"quantity": ["x", ""]}, "__all__"),
        ({"price": ["free", ""]}, "__all__"),
        ({"quantity": ["1000000", ""], "price": ["999999999", ""]}, "__all__"),
        ({"sku": ["", ""]}, "__all__"),
        ({"channel": ""}, "channel"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cs, shop, changes, field):
    response = cs.post(PHONE, typed(shop, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert response.context["form"]["name"].value() == "Bob Stone"
    assert not Order.objects.exists()


def test_the_quote_names_price_and_day_before_the_address_is_known(cs, shop):
    nowhere = {name: "" for name in ("name", "line1", "postcode", "city", "country", "email", "phone")}
    response = cs.post(reverse("console:quote"), typed(shop, **nowhere))
    html = response.content.decode()
    assert "€19.00" in html
    assert "arrives by" in html
    assert not Order.objects.exists()


def test_the_quote_proposes_what_the_way_costs_until_that_is_stated(cs, shop):
    html = cs.post(reverse("console:quote"), typed(shop)).content.decode()
    assert 'data-fill="shipping" data-value="4.90"' in html
    assert "data-fill" not in cs.post(reverse("console:quote"), typed(shop, shipping="2.00")).content.decode()


def test_the_quote_says_what_is_missing(cs, shop):
    html = cs.post(reverse("console:quote"), typed(shop, quantity=["7", ""])).content.decode()
    assert "2 × MUG-BLUE is missing" in html


def test_the_quote_says_what_is_wrong(cs, shop):
    assert "no SKU NOPE" in cs.post(reverse("console:quote"), typed(shop, sku=["NOPE", ""])).content.decode()
    for wrong in ({"discount": "abc"}, {"discount": "-1"}, {"shipping": "4,9,0"}):
        name = next(iter(wrong))
        html = cs.post(reverse("console:quote"), typed(shop, **wrong)).content.decode()
        assert f'data-problem="{name}"' in html
    huge = typed(shop, quantity=["1000000", ""], price=["999999999", ""])
    assert "A line comes to less than" in cs.post(reverse("console:quote"), huge).content.decode()
    assert b"Name a SKU" in cs.post(reverse("console:quote"), typed(shop, sku=["", ""])).content


def test_a_quote_writes_nothing(cs, shop, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as queries:
        cs.post(reverse("console:quote"), typed(shop))
    written = [query["sql"] for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert written == []


def test_goods_are_suggested_by_code_name_and_barcode(cs, shop):
    mug = shop.prices.get().sku
    mug.barcodes.create(code="4006381333931")
    for text in ("mug", "blue", "4006381333931"):
        [found] = cs.get(reverse("console:skus"), {"q": text, "channel": shop.pk}).json()["found"]
        assert found == {"code": "MUG-BLUE", "name": "Blue mug", "available": 5, "price": "€9.50"}
    assert cs.get(reverse("console:skus"), {"q": ""}).json() == {"found": []}


@pytest.mark.parametrize("channel", ["", "x", "²", "9" * 30])
def test_goods_are_suggested_without_a_price_for_what_is_no_channel(cs, shop, channel):
    [found] = cs.get(reverse("console:skus"), {"q": "mug", "channel": channel}).json()["found"]
    assert (found["available"], found["price"]) == (5, "")


def test_a_caller_is_recognised_by_the_number_as_people_say_it(cs, shop):
    make_order(phone="+4930123456")
    make_order(phone="+4930123456", ship_to={"name": "Ann Miller", "line1": "Other 2", "city": "Bonn", "country": "DE"})
    for text in ("030 123456", "+4930123456", "ann@example.com"):
        [person] = cs.get(reverse("console:customers"), {"q": text, "channel": shop.pk}).json()["found"]
        assert (person["name"], person["orders"]) == ("Ann Miller", 2)
        assert [address["line1"] for address in person["addresses"]] == ["Other 2", "Unter den Linden 1"]


def test_a_pasted_address_comes_back_as_fields(cs):
    blob = "Erika Mustermann\nHeidestraße 17\n51147 Köln\nDeutschland"
    answer = cs.post(reverse("console:address"), {"blob": blob}).json()
    assert answer["fields"]["city"] == "Köln"
    assert answer["doubtful"] == []


def test_pickup_needs_no_address(cs, shop):
    make_location("STORE", allows_pickup=True, kind="store")
    shop_sku = shop.prices.get().sku
    nowhere = {name: "" for name in ("line1", "postcode", "city", "country")}
    cs.post(PHONE, typed(shop, method="pickup", pickup_location="STORE", **nowhere))
    assert Order.objects.get().lines.get().sku == shop_sku


def test_control_characters_find_nothing_and_break_nothing(cs, shop):
    for name in ("skus", "customers", "find"):
        assert cs.get(reverse(f"console:{name}"), {"q": "zz\x00zz", "channel": shop.pk}).status_code < 500
    assert cs.post(reverse("console:quote"), typed(shop, sku=["zz\x00", ""])).status_code < 500
    assert cs.post(PHONE, typed(shop, sku=["zz\x00", ""])).status_code in (400, 422)
    assert not Order.objects.exists()
