import pytest
from django.urls import reverse

from orders.services.search import add_key, numbers_in
from tests.make import make_order, make_sku

pytestmark = pytest.mark.django_db


def hits(client, text):
    response = client.get(reverse("console:find"), {"q": text})
    assert response.status_code == 200
    return [order.pk for order, _ in response.context["hits"]]


@pytest.mark.parametrize(
    "typed",
    ["{number}", "#{number}", " {number} ", "ANN@example.com", "+49 30 123 456", "49-30-123456", "ann miller", "1Z999"],
)
def test_whatever_is_pasted_finds_the_order(cs, typed):
    order = make_order(phone="+4930123456")
    add_key(order.pk, "tracking", "1Z999")
    make_order(email="bob@example.com", ship_to={"line1": "x", "city": "y", "country": "DE", "name": "Bob"})
    assert hits(cs, typed.format(number=order.number)) == [order.pk]


def test_an_exact_hit_says_so_and_names_its_kind(cs):
    order = make_order()
    response = cs.get(reverse("console:find"), {"q": order.number})
    assert response.context["is_exact"]
    assert "order number" in response.content.decode()


def test_the_begin_of_a_name_finds_too_but_is_not_exact(cs):
    order = make_order()
    response = cs.get(reverse("console:find"), {"q": "mill"})
    assert [found.pk for found, _ in response.context["hits"]] == [order.pk]
    assert not response.context["is_exact"]


def test_a_sku_is_offered_beside_its_orders(cs):
    sku = make_sku(5, code="MUG-BLUE")
    order = make_order(sku)
    response = cs.get(reverse("console:find"), {"q": "mug-blue"})
    assert response.context["sku"] == sku
    assert [found.pk for found, _ in response.context["hits"]] == [order.pk]


def test_nothing_found_says_what_to_try(cs):
    assert "Try the number" in cs.get(reverse("console:find"), {"q": "nobody"}).content.decode()


def test_searching_costs_the_same_however_much_it_finds(cs, django_assert_max_num_queries):
    make_order()
    with django_assert_max_num_queries(20) as few:
        hits(cs, "ann@example.com")
    for _ in range(4):
        make_order()
    with django_assert_max_num_queries(len(few)):
        assert len(hits(cs, "ann@example.com")) == 5


def test_pasted_numbers_open_as_a_list_and_those_not_found_are_told(cs):
    orders = [make_order() for _ in range(3)]
    text = f"{orders[0].number}\n{orders[2].number}, 999999;x-unknown-1"
    response = cs.post(reverse("console:pasted"), {"q": text}, follow=True)
    assert {order.pk for order in response.context["cl"].result_list} == {orders[0].pk, orders[2].pk}
    assert response.context["missing"] == ["999999", "x-unknown-1"]


def test_pasted_numbers_work_in_the_lists_own_box_too(cs):
    first, second = make_order(), make_order()
    response = cs.get("/admin/orders/order/", {"q": f"{first.number} {second.number} 123123123"})
    assert response.context["cl"].result_count == 2
    assert response.context["missing"] == ["123123123"]


def test_a_name_of_two_words_is_no_list_of_numbers():
    assert numbers_in("Ann Miller") == []
    assert numbers_in("100001") == []
    assert numbers_in("100001 100001\t100002") == ["100001", "100002"]


def test_nobody_is_found_by_an_empty_search(cs):
    make_order()
    assert hits(cs, "") == []
