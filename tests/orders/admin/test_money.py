"""Finance finds bills, sees which lack a rate, and starts new series of numbers."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from oms import roles
from oms.papers.models import Document
from orders.models import NumberSeries, Refund, RefundLine
from tests.deliver import deliver
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


def test_a_bill_is_read_as_a_person_reads_it_and_opens_its_pdf(manager):
    bill = ship(make_order_of((1, "5")))
    deliver("oms.papers.tasks.make_document")
    page = manager.get(reverse("admin:orders_invoice_change", args=[bill.pk])).content.decode()
    paper = Document.objects.latest_of("invoice", bill.pk)
    assert reverse("console:document", args=[bill.order_id, paper.pk]) in page
    assert f"{paper.title}</a>" in page
    assert "legal_name" not in page


def test_refunds_name_who_asked_and_who_decided(manager):
    anna = make_user(roles.CS, first_name="Anna")
    order = ship(make_order_of((1, "5"))).order
    asked = {"order": order, "amount": 5, "reason": "late", "requested_by": f"user:{anna.pk}"}
    refund = Refund.objects.create(**asked, decided_by="system", status="rejected")
    RefundLine.objects.create(refund=refund, kind="goodwill", amount=5)
    for url in (reverse("admin:orders_refund_changelist"), reverse("admin:orders_refund_change", args=[refund.pk])):
        page = manager.get(url).content.decode()
        assert "Anna" in page
        assert "the system" in page
        assert "user:" not in page


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
