import pytest

from oms import roles
from orders.services import search
from tests.make import ADDRESS, make_channel, make_order, make_seller, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.mark.parametrize(
    "text", ["SHOP-77", "shop-7", "ann@example.com", "+49 30 1234567", "Müller", "muller", "10117", "Ann Müller"]
)
def test_finds_by_anything(text):
    address = {"name": "Ann Müller", "line1": "X 1", "city": "Berlin", "postcode": "10117", "country": "DE"}
    order = make_order(external_id="SHOP-77", phone="030 1234567", ship_to=address)
    assert list(search.find(text)) == [order.pk]


def test_finds_by_number():
    order = make_order()
    assert search.find(f"#{order.number}") == {order.pk: "number"}


@pytest.mark.parametrize("text", ["", "   ", "nobody", "no", "²", "9" * 30])
def test_finds_nothing(text):
    make_order()
    assert search.find(text) == {}


def test_added_twice_is_one_key():
    order = make_order()
    search.add_key(order.pk, "tracking", "1Z999")
    search.add_key(order.pk, "tracking", "1z999")
    assert search.find("1Z999") == {order.pk: "tracking"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "Jörg Müller",
            ["müller", "MÜLLER", "Mueller", "muller", "mu\u0308ller", "müller jörg", "Mueller, Joerg", "jorg  muller"],
        ),
        ("Joerg Mueller", ["Müller", "jörg müller", "Müller Jörg", "Müller, Jö", "MUELLER"]),
        ("Groß", ["gross", "GROSS", "groß", "GROẞ", "gro"]),
        ("Søren Ærø-Łuk", ["soren", "SØREN", "ærø-łuk", "aero-luk"]),
        ("Anna Maria van der Berg", ["anna berg", "Berg Anna", "berg an", "anna maria van", "van"]),
    ],
)
def test_a_name_is_found_however_it_is_written(name, texts):
    order = make_order(ship_to=ADDRESS | {"name": name})
    make_order(ship_to=ADDRESS | {"name": "Zed Zulu"})
    for text in texts:
        assert search.find(text) == {order.pk: "name"}, text


def test_the_order_list_and_the_search_box_find_umlauts(client):
    order = make_order(ship_to=ADDRESS | {"name": "Jörg Müller"})
    make_order(ship_to=ADDRESS | {"name": "Zed Zulu"})
    client.force_login(make_user(roles.CS))
    for text in ("müller", "MUELLER", "Müller, Jörg"):
        rows = client.get("/admin/orders/order/", {"q": text}).context["cl"].result_list
        assert [row.pk for row in rows] == [order.pk], text
        hits = client.get("/admin/find/", {"q": text}).context["hits"]
        assert [hit.pk for hit, _ in hits] == [order.pk], text


@pytest.mark.parametrize("text", ["030 5557799", "0305557799", "(030) 555-7799", "004930 5557799", "0049305557799"])
def test_a_number_is_found_as_it_is_dialled_where_a_seller_is(client, text):
    make_order(channel=make_channel(seller=make_seller(country="FR")))
    order = make_order(phone="030 5557799")
    assert search.find(text) == {order.pk: "phone"}
    client.force_login(make_user(roles.CS))
    hits = client.get("/admin/find/", {"q": text}).context["hits"]
    assert [hit.pk for hit, _ in hits] == [order.pk]
    page = client.get("/admin/orders/order/", {"q": text}).context
    assert ([row.pk for row in page["cl"].result_list], page["missing"]) == ([order.pk], [])
    [person] = client.get("/admin/orders/phone/customers/", {"q": text}).json()["found"]
    assert person["phone"] == "+49305557799"


def test_a_list_of_numbers_is_no_telephone_number():
    first, second = make_order(), make_order()
    text = f"{first.external_id[1:]} {second.external_id[1:]}"
    assert search.pasted(text) == search.numbers_in(text) == text.split()
