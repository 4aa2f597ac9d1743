from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Hold, Order
from orders.services import holds
from orders.services.cancel import cancel
from orders.services.tag import tag
from tests.make import make_order

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


def listed(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {order.pk for order in response.context["cl"].result_list}


def test_filters_narrow_the_list(cs):
    held, other = make_order(), make_order()
    holds.put(held.pk, Hold.Kind.ADDRESS, "which street?")
    tagged = tag(held.pk, "VIP")
    Order.objects.filter(pk=other.pk).update(promised_current=timezone.now() - timedelta(days=1))
    where = held.allocations.get().location.code
    for query in (
        {"hold": "address"},
        {"hold": "any"},
        {"tag": tagged.pk},
        {"location": where},
        {"channel": held.channel.code},
    ):
        assert listed(cs, **query) == {held.pk}, query
    assert listed(cs, promise="late") == {other.pk}
    assert listed(cs, hold="no", status="open") == {other.pk}
    assert listed(cs, status="placed", payment="unpaid", method="standard", priority=5) == {held.pk, other.pk}
    assert listed(cs, fulfilment="shipped") == set()
    assert listed(cs, returns="any") == set()


def test_the_ordered_filter_knows_days(cs):
    old, new = make_order(), make_order()
    moment = timezone.now() - timedelta(days=40)
    Order.objects.filter(pk=old.pk).update(ordered_at=moment)
    assert listed(cs, ordered="today") == {new.pk}
    assert listed(cs, ordered=moment.date().isoformat()) == {old.pk}
    assert listed(cs, ordered="month") == {new.pk}
    assert listed(cs, ordered="nonsense") == {old.pk, new.pk}


@pytest.mark.parametrize(
    "query",
    ["tag=x", "customer=x", "pasted=none", "priority=99", "hold=zzz", "location=nowhere"],
)
def test_a_mistyped_filter_breaks_nothing(cs, query):
    make_order()
    assert cs.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_a_filter_shows_what_is_chosen_and_counts_when_asked(cs):
    make_order()
    page = cs.get(LIST, {"status": "placed", "_facets": "True"}).content.decode()
    assert '<option value="placed" selected>Placed (1)</option>' in page
    assert '<option value="confirmed">Confirmed (0)</option>' in page
    assert '<option value="placed">Placed</option>' in cs.get(LIST).content.decode()


def test_late_and_near_promises_are_said_in_words(cs):
    late, near = make_order(), make_order()
    Order.objects.filter(pk=late.pk).update(promised_current=timezone.now() - timedelta(days=3, minutes=1))
    Order.objects.filter(pk=near.pk).update(promised_current=timezone.now() + timedelta(minutes=50, seconds=30))
    page = cs.get(LIST).content.decode()
    assert "3 days late" in page
    assert "50 min left" in page


def test_the_list_costs_the_same_however_many_orders_it_shows(cs, django_assert_max_num_queries):
    def busy_order():
        order = make_order()
        holds.put(order.pk, Hold.Kind.MANUAL, "wait")
        tag(order.pk, f"tag {order.pk}")

    busy_order()
    cs.get(LIST)
    with django_assert_max_num_queries(25) as few:
        cs.get(LIST)
    for _ in range(4):
        busy_order()
    with django_assert_max_num_queries(len(few)):
        cs.get(LIST)


def test_the_list_is_never_counted_whole(cs, django_assert_max_num_queries):
    make_order()
    with django_assert_max_num_queries(25) as queries:
        cs.get(LIST)
    counts = [query["sql"] for query in queries.captured_queries if "COUNT(" in query["sql"].upper()]
    assert counts
    assert all("LIMIT 10001" in sql for sql in counts)


def test_export_has_the_rows_of_the_filter(cs):
    held, other = make_order(), make_order()
    holds.put(held.pk, Hold.Kind.MANUAL, "wait")
    text = b"".join(cs.get(f"{LIST}export/?hold=any").streaming_content).decode()
    assert held.number in text
    assert other.number not in text


def test_a_search_finds_what_the_filters_show_behind_any_number_of_newer_hits(cs, monkeypatch):
    monkeypatch.setattr("orders.admin.order.MOST_AT_ONCE", 1)
    old, new = make_order(), make_order()
    cancel(new.pk, reason="mistake")
    for text in (old.email, "mill"):
        assert listed(cs, q=text, status="open") == {old.pk}
        assert listed(cs, q=text) == {new.pk}


@pytest.mark.parametrize("query", ["status=%00", "q=%00"])
def test_a_nul_is_refused_on_either_database(cs, query):
    assert cs.get(f"{LIST}?{query}").status_code == 400


def test_an_export_of_a_filter_that_makes_no_sense_is_refused(cs):
    assert cs.get(f"{LIST}export/?status=%00").status_code == 400


def test_a_row_can_be_chosen_for_an_action(cs):
    order = make_order()
    row = cs.get(LIST).content.decode().split('<tr class="data-row')[1]
    [box] = row.split("<input")[1:]
    assert f'name="_selected_action" value="{order.pk}"' in box
    assert "action-select" in box  # what unfold's script looks for
