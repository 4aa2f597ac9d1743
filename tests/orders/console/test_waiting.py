from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.services import stock
from oms import roles
from orders.services import backorder
from orders.services.cancel import cancel
from tests.make import make_channel, make_location, make_order, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    return make_sku(0, code="MUG")


def page(client, sku):
    return client.get(reverse("console:waiting", args=[sku.pk]))


def test_who_waits_longest_stands_first(cs, mug):
    channel = make_channel()
    new, old = (make_order(mug, pieces, channel=channel) for pieces in (2, 3))
    old.allocations.update(created_at=timezone.now() - timedelta(days=3))
    make_order(make_sku(5))
    rows = page(cs, mug).context["rows"]
    assert [(row["order"], row["pieces"]) for row in rows] == [(old, 3), (new, 2)]
    text = page(cs, mug).content.decode()
    assert "<strong>5 pieces</strong> for <strong>2 orders</strong>" in text
    assert "Ann Miller" in text


def test_who_got_his_pieces_or_cancelled_waits_no_more(cs, mug):
    home, channel = make_location(), make_channel()
    served, waits = (make_order(mug, 1, channel=channel) for _ in range(2))
    stock.receive(mug, home, 1)
    backorder.take_up(mug.pk)
    assert [row["order"] for row in page(cs, mug).context["rows"]] == [waits]
    cancel(waits.pk, reason="changed mind")
    assert "Nobody waits for it." in page(cs, mug).content.decode()


def test_it_costs_the_same_however_many_wait(cs, mug, django_assert_max_num_queries):
    channel = make_channel()
    make_order(mug, 1, channel=channel)
    page(cs, mug)
    with django_assert_max_num_queries(40) as few:
        page(cs, mug)
    for _ in range(4):
        make_order(mug, 1, channel=channel)
    with django_assert_max_num_queries(len(few)):
        assert len(page(cs, mug).context["rows"]) == 5


def test_it_is_one_click_from_the_sku_and_from_the_shelf(client, mug):
    make_location()
    make_order(mug, 2)
    link = f'href="{reverse("console:waiting", args=[mug.pk])}"'
    client.force_login(make_user(roles.LEAD))
    assert link in client.get(reverse("admin:inventory_sku_change", args=[mug.pk])).content.decode()
    shelf = client.get(reverse("stock:item"), {"code": "MUG"}).content.decode()
    assert link in shelf
    assert "2 pieces for 1 order" in shelf
