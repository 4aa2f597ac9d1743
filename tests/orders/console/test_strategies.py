"""The console: copy a strategy, edit its rules, compare it with what is live, put it live."""

from decimal import Decimal

import pytest

from oms.roles import CS, MANAGER
from orders.models import SourcingStrategy
from tests.make import make_channel, make_location, make_order, make_sku, make_strategy, make_user

pytestmark = pytest.mark.django_db

COMPARE = "/admin/orders/strategies/compare/"
LIVE = "/admin/orders/strategies/live/"
LIST = "/admin/orders/sourcingstrategy/"
SUBMIT = {"_form_submitted": "on"}


@pytest.fixture
def manager(client):
    client.force_login(make_user(MANAGER))
    return client


@pytest.fixture
def asked():
    """What is asked to compare: an order from a store, tried without stores."""
    channel = make_channel()
    order = make_order(make_sku(5, make_location(kind="store", lane=Decimal(1))), channel=channel)
    strategy = make_strategy({"kind": "store"}, name="No stores")
    return order, strategy, {"channel": channel.pk, "b": strategy.pk, "orders": 50, "stock": "then"}


def test_comparison_shows_figures_and_links_the_orders_that_differ(manager, asked):
    order, _, query = asked
    page = manager.get(COMPARE, query).content.decode()
    assert "1 orders of" not in page
    assert "1 order of" in page
    assert f"/admin/orders/order/{order.pk}/change/" in page
    assert "1 missing" in page
    assert "Put “No stores” live" in page


def test_comparison_is_bounded_and_keeps_what_was_asked(manager, asked):
    answer = manager.get(COMPARE, asked[2] | {"orders": 5000})
    assert answer.status_code == 422
    assert "less than or equal to 300" in answer.content.decode()


def test_page_is_shown_empty_with_the_strategy_it_came_from(manager, asked):
    page = manager.get(COMPARE, {"b": asked[1].pk}).content.decode()
    assert f'<option value="{asked[1].pk}" selected>' in page
    assert manager.post(COMPARE).status_code == 405
    assert manager.get(COMPARE, {"b": "x"}).status_code == 200


def test_put_live_from_the_comparison(manager, asked):
    order, strategy, query = asked
    manager.post(LIVE, {"channel": query["channel"], "strategy": strategy.pk})
    order.channel.refresh_from_db()
    assert order.channel.strategy == strategy
    assert "B is live on" in manager.get(COMPARE, query).content.decode()
    assert manager.post(LIVE, {"channel": "x", "strategy": strategy.pk}).status_code == 404
    assert manager.get(LIVE).status_code == 302


def test_who_may_not_change_channels_compares_but_puts_nothing_live(client, asked):
    client.force_login(make_user(CS))
    assert "Put “" not in client.get(COMPARE, asked[2]).content.decode()
    data = {"channel": asked[2]["channel"], "strategy": asked[1].pk}
    assert client.post(LIVE, data).status_code == 403
    assert client.post(f"{LIST}{asked[1].pk}/live/", SUBMIT | data).status_code == 403
    asked[0].channel.refresh_from_db()
    assert asked[0].channel.strategy is None


def test_rules_are_edited_in_line_and_refused_in_words(manager):
    strategy = make_strategy()
    place = make_location()
    row = {"position": "1", "kind": "", "verdict": "no", "channel": "", "method": "express", "zone": "DE"}
    data = {"name": "Mine", "description": "", "split_penalty": "2.5", "late_penalty": "0", "scarcity_penalty": "0"}
    data |= {"rules-TOTAL_FORMS": "1", "rules-INITIAL_FORMS": "0"}
    data |= {f"rules-0-{name}": value for name, value in row.items()} | {"rules-0-location": place.pk}
    wrong = manager.post(f"{LIST}{strategy.pk}/change/", data | {"rules-0-kind": "store"})
    assert "Name one location or a kind, not both." in wrong.content.decode()
    assert (
        "A country (DE) or a region"
        in manager.post(f"{LIST}{strategy.pk}/change/", data | {"rules-0-zone": "germany"}).content.decode()
    )
    assert not strategy.rules.exists()
    assert manager.post(f"{LIST}{strategy.pk}/change/", data).status_code == 302
    assert (strategy.rules.get().location, strategy.rules.get().zone) == (place, "DE")


def test_copy_and_put_live_from_the_strategy(manager, asked):
    _, strategy, query = asked
    manager.post(f"{LIST}{strategy.pk}/copy/", SUBMIT | {"name": "Second"})
    assert SourcingStrategy.objects.get(name="Second").rules.count() == 1
    manager.post(f"{LIST}{strategy.pk}/live/", SUBMIT | {"channel": query["channel"]})
    assert list(strategy.channels.values_list("pk", flat=True)) == [query["channel"]]
    assert asked[0].channel.name in manager.get(LIST).content.decode()
    assert manager.get(f"{LIST}{strategy.pk}/compare/").url == f"{COMPARE}?b={strategy.pk}"


def test_comparison_says_that_gathering_is_not_in_its_figures(manager, asked):
    assert "gathers parcels" not in manager.get(COMPARE, asked[2]).content.decode()
    gathering = make_strategy(name="One parcel", gathers=True)
    page = manager.get(COMPARE, asked[2] | {"b": gathering.pk}).content.decode()
    assert "Not counted: “One parcel” gathers parcels" in page


def test_amounts_are_asked_for_as_people_write_them(manager):
    strategy = make_strategy(split_penalty=6, late_penalty=Decimal("0.125"))
    page = manager.get(f"{LIST}{strategy.pk}/change/").content.decode()
    assert 'value="6.00"' in page
    assert 'value="0.125"' in page
