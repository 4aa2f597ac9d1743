import pytest
from django.urls import reverse

from orders.models import AccountEntry, Order
from tests.make import make_order
from tests.orders.imports.uci_files import import_uci, uci_row, write_uci

pytestmark = pytest.mark.django_db


@pytest.fixture
def _taken_over(tmp_path):
    rows = [
        uci_row("1"),
        uci_row("C2", quantity=-2, at="2011-01-05 10:00:00"),
        uci_row("A3", "B", 1, price="-5", customer=""),
    ]
    import_uci(write_uci(tmp_path, *rows))


@pytest.mark.usefixtures("_taken_over")
def test_an_imported_order_shows_the_credits_that_undid_it(cs):
    page = cs.get(reverse("admin:orders_order_change", args=[Order.objects.get().pk])).content.decode()
    assert "Credits of the old system" in page
    assert "C2" in page


def test_other_orders_show_none(cs):
    page = cs.get(reverse("admin:orders_order_change", args=[make_order().pk])).content.decode()
    assert "Credits of the old system" not in page


@pytest.mark.usefixtures("_taken_over")
def test_vouchers_are_found_and_link_to_the_order_they_undid(cs):
    listed = cs.get(reverse("admin:orders_accountentry_changelist"), {"kind__exact": "credit"})
    assert [entry.external_id for entry in listed.context["cl"].result_list] == ["C2"]
    entry = AccountEntry.objects.get(external_id="C2")
    page = cs.get(reverse("admin:orders_accountentry_change", args=[entry.pk])).content.decode()
    assert reverse("admin:orders_order_change", args=[Order.objects.get().pk]) in page


@pytest.mark.usefixtures("_taken_over")
def test_vouchers_never_change(cs):
    entry = AccountEntry.objects.get(external_id="A3")
    answer = cs.post(reverse("admin:orders_accountentry_change", args=[entry.pk]), {"net": "0"})
    assert (answer.status_code, AccountEntry.objects.get(pk=entry.pk).net) == (403, -5)
