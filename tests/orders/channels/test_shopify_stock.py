"""Which goods a shop of Shopify counts, and at which of its places, however many those are."""

import pytest

from orders.channels.shopify import stock
from orders.channels.shops import shop_of
from tests.orders.channels.fake_shop import connect, serving

pytestmark = pytest.mark.django_db


def test_goods_are_known_at_each_of_many_places(settings):
    places = [str(n) for n in range(1, 6)]
    with serving(settings) as there:
        there.places = {ident: f"Store {ident}" for ident in places}
        there.goods = {"900": {"sku": "MUG", "levels": dict.fromkeys(places, 3)}}
        shop = shop_of(connect(there), timeout_s=10)
        assert [place.place_id for place in stock.places(shop)] == places
        assert [place.place_id for place in stock.places(shop) if place.is_default] == ["1"]
        assert [variant.place_id for page in stock.variants(shop) for variant in page] == places
