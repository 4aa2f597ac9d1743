"""Finance finds bills, sees which lack a rate, and starts new series of numbers."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from oms import roles
from orders.models import NumberSeries, Refund, RefundLine
from tests.make import make_user
from tests.orders.money import make_order_of, make_rates, make_test_channel, ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


def test_bills_without_a_rate_are_listed(manager):
    make_rates()
    ship(make_order_of((1, "5")))
    lacking = ship(make_order_of((1, "5"), channel=make_test_channel(currency="GBP")))
    response = manager.get(reverse("admin:orders_invoice_changelist"), {"rate": "missing"})
    assert list(response.context["cl"].result_list) == [lacking]


def test_a_new_series_takes_over(manager):
    channel = make_test_channel()
    ship(make_order_of((1, "5"), channel=channel))
    fields = {"seller": channel.seller_id, "kind": "invoice", "prefix": "2027-", "first_number": 501}
    response = manager.post(reverse("admin:orders_numberseries_add"), fields)
    assert response.status_code == 302
    assert ship(make_order_of((1, "5"), channel=channel)).code == "2027-000501"


def test_the_numbers_of_a_series_cannot_be_set(manager):
    ship(make_order_of((1, "5")))
    series = NumberSeries.objects.get()
    url = reverse("admin:orders_numberseries_change", args=[series.pk])
    manager.post(url, {"prefix": "X-", "first_number": 7, "next_number": 99, "is_current": ""})
    series.refresh_from_db()
    assert (series.first_number, series.next_number, series.is_current) == (1, 2, True)
    assert series.prefix != "X-"


def test_moments_in_lists_read_as_on_the_pages(manager):
    invoice = ship(make_order_of((1, "5")))
    at = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
    refund = Refund.objects.create(order=invoice.order, amount=5, reason="late", requested_at=at)
    RefundLine.objects.create(refund=refund, kind="goodwill", amount=5)
    page = manager.get(reverse("admin:orders_refund_changelist")).content.decode()
    assert "4 Mar 2026 14:05" in page
