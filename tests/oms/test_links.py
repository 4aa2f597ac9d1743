"""A list offers what somebody may do, and nothing that he may not."""

import re

import pytest

from fulfilment.services import wave
from inventory.services.receive_delivery import receive
from oms import roles
from tests.fulfilment.make import ACTOR, confirmed, make_shelf
from tests.fulfilment.waves import make_preset
from tests.inventory.buying import make_sent
from tests.make import make_user

pytestmark = pytest.mark.django_db

# (list, what its link says, its address)
OFFERS = [
    ("inventory/receipt", "Enter freight and duty", r"/admin/inventory/receipt/\d+/costs/"),
    ("fulfilment/wave", "Open", r"/floor/waves/\d+/"),
    ("inventory/stocklevel", "Safety", r"/admin/inventory/stocklevel/\d+/safety/"),
    ("inventory/stocklevel", "Out of sale", r"/admin/inventory/stocklevel/\d+/unavailable/"),
    ("inventory/supplier", "send back", r"/admin/inventory/supplier/\d+/give-back/"),
    ("inventory/supplier", "new order", r"/admin/inventory/purchaseorder/add/"),
]


@pytest.fixture
def rows():
    place, (cup,) = make_shelf(50)
    confirmed((cup, 1))
    wave.preview(make_preset(place), actor=ACTOR)
    order = make_sent(10)
    receive(order.lines.get().sku, order.location, 10, order=order)


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_list_offers_what_its_reader_may_open(client, rows, role):
    client.force_login(make_user(role))
    offered = []
    for path, words, address in OFFERS:
        page = client.get(f"/admin/{path}/").content.decode()
        found = re.search(rf'href="({address})(?:\?[^"]*)?"[^>]*>\s*{words}<', page)
        if found:
            offered.append(words)
            assert client.get(found[1], follow=True).status_code == 200, found[1]
    few = {roles.READ_ONLY: [], roles.MANAGER: [words for _, words, _ in OFFERS], roles.STORE: ["Out of sale"]}
    assert offered == few.get(role, offered)
