"""A form is done once, however often its page is sent."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from oms import roles
from oms.lib.once import PREFIX
from orders.models import Hold, Payment, Refund
from orders.services import holds, pay
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db
DONE = "This was done already."


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


@pytest.fixture
def order():
    order = make_order(quantity=3)
    pay.add_payment(order.pk, amount=order.gross, reference="bank")
    return order


def opened(client, name, order):
    """Open the form `name` and return its address and its key."""
    url = reverse(f"console:{name}", args=[order.pk])
    response = client.get(url)
    key = response.context["once"]
    assert f'name="once" value="{key}"' in response.content.decode()
    return url, key


def forms(order):
    return {
        "refund": {"goodwill": "1.00", "reason": "late"},
        "cancel": {f"line-{order.lines.get().pk}": 1, "reason": "not paid"},
        "hold": {"kind": "manual", "reason": "ask"},
        "payment": {"amount": "1.00", "method": "Cash"},
        "note": {"text": "Call him", "audience": "cs"},
    }


def counts(order):
    return {
        "refund": Refund.objects.count(),
        "cancel": order.lines.get().cancelled,
        "hold": Hold.objects.active().count(),
        "payment": Payment.objects.count() - 1,
        "note": order.notes.count(),
    }


@pytest.mark.parametrize("name", ["refund", "cancel", "hold", "payment", "note"])
def test_a_page_that_is_sent_twice_is_done_once(manager, said, order, name):
    url, key = opened(manager, name, order)
    data = {**forms(order)[name], "once": key}
    first = manager.post(url, data, follow=True)
    assert (counts(order)[name], DONE in said(first)) == (1, False)
    again = manager.post(url, data, follow=True)
    assert counts(order)[name] == 1
    assert said(again) == [DONE]
    assert again.redirect_chain == first.redirect_chain
    manager.post(url, {**data, "once": opened(manager, name, order)[1]})
    assert counts(order)[name] == 2


def test_a_form_that_was_refused_is_sent_again_as_it_is(manager, order):
    url, key = opened(manager, "refund", order)
    for wrong in ({"goodwill": "1.00"}, {"goodwill": "100", "reason": "late"}):
        response = manager.post(url, {**wrong, "once": key})
        assert (response.status_code, response.context["once"]) == (422, key)
    assert not Session.objects.filter(pk=PREFIX + key).exists()
    manager.post(url, {"goodwill": "1.00", "reason": "late", "once": key})
    assert Refund.objects.count() == 1


def test_a_release_that_is_sent_again_is_no_wrong_choice(manager, said, order):
    hold = holds.put(order.pk, Hold.Kind.MANUAL, "ask")
    url, key = opened(manager, "release", order)
    page = manager.post(url, {"holds": [hold.pk], "once": key}, follow=True)
    assert page.content.decode().count('name="once"') == 1, "its Undo has a key of its own"
    assert DONE in said(manager.post(url, {"holds": [hold.pk], "once": key}, follow=True))
