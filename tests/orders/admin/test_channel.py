import pytest

from oms import roles
from oms.channel_queues import REFUSED_IN, TO_MAP
from oms.queue import tiles
from orders.models import ChannelDocument, Connection, Order, SkuAlias
from tests.deliver import deliver
from tests.make import make_channel, make_sku, make_user
from tests.orders.channels.feed import line, make_connection, order, take

pytestmark = pytest.mark.django_db

PAGE = "/admin/orders/connection/"
PLACES = {"places-TOTAL_FORMS": "0", "places-INITIAL_FORMS": "0"}
FIELDS = {"kind": "shopify", "base_url": "https://mugs.example.com", "is_active": "on"} | PLACES


def test_what_is_given_is_sealed_and_never_shown(admin_client):
    channel = make_channel(code="SHOP")
    secrets = {"secret": "whs-77", "key": "key-77", "token": "tok-77"}
    answer = admin_client.post(f"{PAGE}add/", FIELDS | secrets | {"channel": channel.pk, "is_shadow": "on"})
    assert answer.status_code == 302, answer.context["errors"]
    made = Connection.objects.get()
    assert (made.secret, made.credentials) == ("whs-77", {"key": "key-77", "token": "tok-77"})
    assert not any(secret in made.sealed_secret + made.sealed_credentials for secret in secrets.values())
    page = admin_client.get(f"{PAGE}{made.pk}/change/").content.decode()
    assert "/hooks/channels/SHOP/" in page
    assert not any(secret in page for secret in secrets.values())


def test_an_empty_secret_keeps_the_one_that_is_known(admin_client):
    made = make_connection()
    made.credentials = {"key": "old", "token": "tok"}
    made.save()
    admin_client.post(f"{PAGE}{made.pk}/change/", FIELDS | {"channel": made.channel.pk, "key": "new"})
    made = Connection.objects.get()
    assert (made.secret, made.credentials) == ("s3cret", {"key": "new", "token": "tok"})


def test_amazon_is_asked_as_a_seller_in_marketplaces(admin_client):
    fields = FIELDS | {"channel": make_channel().pk, "kind": "amazon", "account": " A2 ", "marketplaces": ""}
    answer = admin_client.post(f"{PAGE}add/", fields)
    assert "Amazon is asked with it" in answer.content.decode()
    admin_client.post(f"{PAGE}add/", fields | {"marketplaces": "A1PA6, A13V1  A1PA6"})
    made = Connection.objects.get()
    assert (made.account, made.marketplaces) == ("A2", "A1PA6,A13V1")


def test_a_new_connection_begins_as_a_shadow(admin_client):
    page = admin_client.get(f"{PAGE}add/").content.decode()
    assert "is_shadow" in page
    assert Connection(channel=make_channel(), kind="shopify").is_shadow


def test_the_kind_of_a_new_connection_is_chosen_not_guessed(admin_client):
    page = admin_client.get(f"{PAGE}add/").content.decode()
    assert '<option value="" selected>Choose one</option>' in page
    answer = admin_client.post(f"{PAGE}add/", FIELDS | {"kind": "", "channel": make_channel().pk})
    assert answer.context["adminform"].form.errors == {"kind": ["This field is required."]}
    assert not Connection.objects.exists()


def test_cs_maps_a_sku_by_a_suggestion_and_the_order_goes_on(client):
    shop, mug = make_connection(), make_sku(5, code="MUG-RED")
    take(shop, order(line("MUG-RD")))
    alias = SkuAlias.objects.get()
    assert [tiles([TO_MAP])[0]["count"], tiles([REFUSED_IN])[0]["count"]] == ["1", "0"]
    client.force_login(make_user(roles.CS))
    page = f"/admin/orders/skualias/{alias.pk}/change/"
    assert "MUG-RED Mug" in client.get(page).content.decode()
    answer = client.post(page, {"pick": "MUG-RED", "sku": ""}, follow=True)
    assert "that go on now: 1" in answer.content.decode()
    deliver()
    assert Order.objects.get().lines.get().sku == mug
    assert tiles([TO_MAP])[0]["count"] == "0"


def test_cs_replays_refused_documents(client):
    shop = make_connection(is_paused=True)
    make_sku(5, code="MUG")
    documents = [take(shop, order(line("MUG"), pk=pk)) for pk in (5001, 5002)]
    assert tiles([REFUSED_IN])[0]["count"] == "2"
    shop.channel.is_paused = False
    shop.channel.save()
    client.force_login(make_user(roles.CS))
    listed = "/admin/orders/channeldocument/"
    page = client.get(f"{listed}{documents[0].pk}/change/").content.decode()
    assert "is paused and takes no orders" in page
    assert "Unter den Linden" in page
    data = {"action": "replay_selected", "_selected_action": [one.pk for one in documents]}
    answer = client.post(f"{listed}?status__exact=refused", data, follow=True)
    assert "2 will be worked again" in answer.content.decode()
    deliver()
    assert Order.objects.count() == 2


def test_what_came_during_a_pause_is_placed_when_it_ends(client):
    shop, other = make_connection(), make_connection(is_paused=True)
    make_sku(5, code="MUG")
    client.force_login(make_user(roles.MANAGER))
    page = f"/admin/orders/channel/{shop.channel_id}/change/"
    fields = typed(client.get(page))
    answer = client.post(page, fields | {"is_paused": "on"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    shop.channel.refresh_from_db()
    documents = [take(shop, order(line("MUG"), pk=pk)) for pk in (5001, 5002)]
    stranger = take(other, order(line("MUG"), pk=5003))
    answer = client.post(page, fields, follow=True).content.decode()
    assert "It takes orders again. Worked now, as it came meanwhile: 2." in answer
    deliver()
    assert [one.external_id for one in Order.objects.order_by("pk")] == ["5001", "5002"]
    assert {ChannelDocument.objects.get(pk=one.pk).status for one in documents} == {"done"}
    assert ChannelDocument.objects.get(pk=stranger.pk).status == "refused"


def typed(answer):
    """Return what the form of an admin page would send as it stands."""
    form = answer.context["adminform"].form
    found = {name: form[name].value() for name in form.fields}
    found = {name: "on" if value is True else value for name, value in found.items() if value is not False}
    return {name: value for name, value in found.items() if value is not None and name != "brand_logo"}


def test_who_may_only_look_cannot_replay(client):
    client.force_login(make_user(roles.READ_ONLY))
    take(make_connection(is_paused=True), order(line(make_sku(5).code)))
    assert client.get("/admin/orders/channeldocument/").status_code == 200
    assert b"replay_selected" not in client.get("/admin/orders/channeldocument/").content
    assert client.get(f"{PAGE}add/").status_code == 403
