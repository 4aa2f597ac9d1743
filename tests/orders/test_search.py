import pytest

from orders.services import search
from tests.make import make_order

pytestmark = pytest.mark.django_db


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
