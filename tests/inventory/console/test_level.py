import pytest

from inventory.models import StockLevel
from inventory.services import stock
from oms import roles
from oms.outbox.models import Event
from tests.inventory.ledger import level
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


@pytest.fixture
def url(mug):
    return f"/admin/inventory/stocklevel/{StockLevel.objects.get(sku=mug).pk}/"


def test_a_buyer_sets_safety_stock(client, mug, url):
    client.force_login(make_user(roles.BUYER))
    assert b"10 available" in client.get(f"{url}safety/").content
    assert client.post(f"{url}safety/", {"safety": "4"}).status_code == 302
    assert StockLevel.objects.with_available().get(sku=mug).available == 6
    assert b">Safety</a>" in client.get("/admin/inventory/stocklevel/").content


def test_less_than_none_is_refused_at_the_field(client, mug, url):
    client.force_login(make_user(roles.BUYER))
    page = client.post(f"{url}safety/", {"safety": "-1"})
    assert page.status_code == 422
    assert StockLevel.objects.get(sku=mug).safety == 0


def test_a_lead_takes_pieces_out_of_sale_and_back(client, mug, berlin, url):
    client.force_login(make_user(roles.LEAD))
    client.post(f"{url}unavailable/", {"pieces": "3", "reason": "recall"})
    assert level(mug, berlin) == (10, 0, 3)
    client.post(f"{url}unavailable/", {"pieces": "-2", "reason": "fit"})
    assert level(mug, berlin) == (10, 0, 1)


@pytest.mark.parametrize("pieces", ["0", "11", "-1", "", "x"])
def test_what_cannot_be_is_refused(client, mug, berlin, url, pieces):
    client.force_login(make_user(roles.LEAD))
    page = client.post(f"{url}unavailable/", {"pieces": pieces, "reason": "damaged"})
    assert page.status_code == 422
    assert level(mug, berlin) == (10, 0, 0)


def test_a_picker_is_shown_neither(client, mug, url):
    client.force_login(make_user(roles.PICKER))
    assert client.get(f"{url}safety/").status_code == 403
    assert client.get(f"{url}unavailable/").status_code == 403
    assert b">Safety</a>" not in client.get("/admin/inventory/stocklevel/").content


def test_setting_safety_stock_is_told_once(mug, berlin):
    assert stock.set_safety(mug, berlin, 4)
    assert not stock.set_safety(mug, berlin, 4)
    assert Event.objects.get(name="stock.safety_set").data["pieces"] == 4
