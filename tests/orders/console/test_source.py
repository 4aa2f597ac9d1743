from decimal import Decimal
from html import unescape

import highspy
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from oms import roles
from orders.models import Order
from orders.services.prioritise import prioritise
from tests.make import make_location, make_order, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    client.force_login(make_user(roles.LEAD))
    return client


@pytest.fixture
def rivals():
    """One piece, held by an order that can wait, and wanted by one that is urgent."""
    sku = make_sku(1, make_location("EAST", lane=Decimal(5)))
    low, urgent = make_order(sku), make_order(sku)
    prioritise(low.pk, Order.Priority.LOW)
    prioritise(urgent.pk, Order.Priority.URGENT)
    return low, urgent


def where(order):
    return [row.location and row.location.code for row in order.allocations.all()]


def look(client, **chosen):
    return client.get(reverse("console:source"), {"look": "1"} | chosen)


def test_the_page_shows_what_would_move_and_changes_nothing(lead, rivals):
    low, urgent = rivals
    page = unescape(look(lead).content.decode())
    assert "2 orders looked at" in page
    assert low.number in page
    assert urgent.number in page
    assert page.index("later") < page.index("sooner")
    assert (where(low), where(urgent)) == (["EAST"], [None])


def test_what_was_shown_is_done(lead, rivals):
    low, urgent = rivals
    token = look(lead).context["token"]
    page = lead.post(reverse("console:source_now"), {"token": token}, follow=True).content.decode()
    assert "2 orders sourced anew." in page
    assert (where(low), where(urgent)) == ([None], ["EAST"])
    page = lead.post(reverse("console:source_now"), {"token": token}, follow=True).content.decode()
    assert "changed meanwhile" in page
    assert (where(low), where(urgent)) == ([None], ["EAST"])


def test_a_proposal_of_somebody_elses_making_is_refused(lead, rivals):
    page = lead.post(reverse("console:source_now"), {"token": "[]"}, follow=True).content.decode()
    assert "look again" in page
    assert where(rivals[0]) == ["EAST"]


def test_a_sku_that_is_not_there_is_named(lead):
    response = look(lead, sku="NOBODY")
    assert response.status_code == 422
    assert "There is no such SKU." in response.content.decode()


def test_where_nothing_would_be_better_it_says_so(lead):
    make_order()
    assert "Nothing would be better." in look(lead, sku=make_sku(3).code).content.decode()


def test_where_the_solver_gives_up_page_and_command_say_so(lead, rivals, monkeypatch):
    monkeypatch.setattr(highspy.Highs, "addCols", lambda *args: highspy.HighsStatus.kError)
    response = look(lead)
    assert response.status_code == 422
    assert "choose fewer of them" in response.content.decode()
    with pytest.raises(CommandError, match="choose fewer of them"):
        call_command("source_orders")


def test_the_command_says_what_it_would_do_and_does_it_when_told(rivals, capsys):
    low, urgent = rivals
    call_command("source_orders", location="EAST")
    assert "1 orders looked at, 0 moves" in capsys.readouterr().out, "only who has pieces there"
    call_command("source_orders")
    assert "2 orders looked at, 2 moves in 1 groups: 0 pieces fewer wait" in capsys.readouterr().out
    assert (where(low), where(urgent)) == (["EAST"], [None])
    call_command("source_orders", apply=True)
    assert "2 orders sourced anew." in capsys.readouterr().out
    assert (where(low), where(urgent)) == ([None], ["EAST"])
    with pytest.raises(CommandError, match="no location NOBODY"):
        call_command("source_orders", location="NOBODY")
