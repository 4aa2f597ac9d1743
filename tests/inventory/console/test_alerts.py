import pytest

from inventory.models import StockAlert
from oms import roles
from tests.inventory.test_alerts import lose, with_minimum
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/inventory/stockalert/"


@pytest.fixture
def alerts():
    """One of low stock, one of pieces that keep missing."""
    berlin = make_location("BER")
    mug, cup = make_sku(20, berlin, code="MUG"), make_sku(90, berlin, code="CUP")
    lose(cup, berlin, 5, days_ago=3)
    lose(cup, berlin, 5)
    with_minimum(mug, 20)
    return {alert.kind: alert for alert in StockAlert.objects.all()}


@pytest.mark.parametrize(
    ("role", "titles"), [(roles.BUYER, ["Low stock"]), (roles.LEAD, ["Low stock", "Keeps missing"])]
)
def test_the_home_page_counts_the_rows_that_it_opens(client, alerts, role, titles):
    client.force_login(make_user(role))
    tiles = {tile["title"]: tile for tile in client.get("/admin/").context["tiles"]}
    for title in titles:
        shown = client.get(tiles[title]["url"]).context["cl"]
        assert (tiles[title]["count"], shown.result_count) == ("1", 1)


def test_low_stock_leads_to_its_proposal(client, alerts):
    client.force_login(make_user(roles.BUYER))
    page = client.get(LIST).content.decode()
    assert f"/admin/inventory/proposal/{alerts['low'].sku.proposals.get().pk}/" in page
    assert "Looked into it" not in page


def test_a_lead_settles_what_keeps_missing(client, alerts):
    client.force_login(make_user(roles.LEAD))
    assert "Looked into it" in client.get(LIST).content.decode()
    url = f"/admin/inventory/alerts/{alerts['drift'].pk}/settle/"
    assert "10 pieces missing" in client.get(url).content.decode()
    assert client.post(url, {"note": ""}).status_code == 422
    assert client.post(url, {"note": "sold in pairs"}).status_code == 302
    assert StockAlert.objects.get(kind="drift").note == "sold in pairs"


def test_a_buyer_settles_nothing(client, alerts):
    client.force_login(make_user(roles.BUYER))
    assert client.post(f"/admin/inventory/alerts/{alerts['drift'].pk}/settle/", {"note": "x"}).status_code == 403
    assert StockAlert.objects.open().count() == 2


def test_availability_shows_what_is_to_be_bought_again(client, alerts):
    client.force_login(make_user(roles.BUYER))
    page = client.get("/admin/inventory/stocklevel/?available=low")
    assert [level.sku.code for level in page.context["cl"].result_list] == ["MUG"]


def test_the_list_costs_the_same_however_many_there_are(client, alerts, django_assert_max_num_queries):
    client.force_login(make_user(roles.LEAD))
    client.get(LIST)
    with django_assert_max_num_queries(30) as few:
        client.get(LIST)
    berlin = alerts["low"].location
    for number in range(3):
        sku = make_sku(9, berlin)
        StockAlert.objects.create(kind="low", sku=sku, location=berlin, pieces=number, limit=9)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)
