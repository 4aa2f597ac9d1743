"""A customer sends goods back by his link."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfilment.services.deliver import deliver as arrive
from orders.customer.links import customer_link, token_of
from orders.models import Order
from orders.services import pay, refund
from returns.models import Return, ReturnPolicy
from returns.services import request
from returns.services.by_customer import TRIES
from returns.services.inspect import DispositionIn, dispose
from returns.services.resolve import resolve
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR
from tests.make import make_channel, make_order
from tests.returns.make import asked, received, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, settings):
    """Return `read(order)`: the words of its customer's page."""
    return lambda order: client.get(customer_link(order).removeprefix(settings.SITE_URL)).content.decode()


def path(order, name="customer_return", *args):
    return reverse(name, args=[token_of(order), *args])


def ticked(order, pieces=None, **fields):
    """What the form sends for the order's first line: `pieces` of it (None: left as shown)."""
    line = order.lines.leaves().first()
    pieces = line.returnable if pieces is None else pieces
    return {f"line-{line.pk}": "on", f"pieces-{line.pk}": pieces, "reason": "too_small"} | fields


def test_customer_opens_a_return_and_follows_it(client, read):
    order = shipped(3)
    assert "Send something back" in read(order)
    page = client.get(path(order)).content.decode()
    assert "You can send goods back until" in page
    assert "We keep nothing of your refund" in page
    answer = client.post(path(order), ticked(order, 2, note="Size M, please"), follow=True).content.decode()
    rma = Return.objects.get()
    row = rma.lines.get()
    assert (row.quantity, row.reason, rma.customer_note, rma.requested_by) == (
        2,
        "too_small",
        "Size M, please",
        "customer",
    )
    for words in ("We have your request", rma.number, "2 × Mug", "We look at your request"):
        assert words in answer
    assert "Download the return slip" not in answer
    request.approve(rma.pk)
    assert "Download the return slip" in read(order)


def test_slip_is_handed_out_once_approved(client):
    order = shipped(3)
    rma = asked(order)
    slip = path(order, "customer_return_slip", rma.pk)
    assert client.get(slip).status_code == 302
    request.approve(rma.pk)
    answer = client.get(slip)
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")
    assert client.get(path(shipped(2), "customer_return_slip", rma.pk)).status_code == 404


def test_policy_that_approves_at_once_gives_the_slip_at_once(client):
    order = shipped(1)
    ReturnPolicy.objects.create(channel=order.channel, is_approved_at_once=True)
    assert "Download the return slip" in client.post(path(order), ticked(order), follow=True).content.decode()


def test_fee_is_said_beforehand(client):
    order = shipped(3)
    ReturnPolicy.objects.create(channel=order.channel, fee=5)
    page = client.get(path(order)).content.decode()
    assert "We keep €5.00 of your refund" in page
    assert "It is free when something is damaged" in page
    client.post(path(order), ticked(order, 1, reason="faulty"))
    client.post(path(order), ticked(order, 1))
    assert [rma.fee for rma in Return.objects.order_by("pk")] == [0, 5]


def test_after_the_window_nothing_is_offered_or_taken(client, read):
    order = shipped(3)
    Order.objects.update(shipped_at=timezone.now() - timedelta(days=31))
    page = read(order)
    assert "You could send goods back until" in page
    assert "Send something back" not in page
    for answer in (client.get(path(order)), client.post(path(order), ticked(order))):
        assert "said=too_late" in answer["Location"]
    assert not Return.objects.exists()


def test_window_counts_from_arrival_where_that_is_known(client):
    order = shipped(3)
    arrive(order.parcels.get().pk, actor="user:1")
    Order.objects.update(shipped_at=timezone.now() - timedelta(days=31))
    assert client.post(path(order), ticked(order))["Location"].endswith("said=return_asked")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda line: {f"line-{line}": ""}, "Please tick what you send back."),
        (lambda line: {"reason": ""}, "This field is required."),
        (lambda line: {"reason": "undeliverable"}, "Select a valid choice"),
        (lambda line: {f"pieces-{line}": 4}, "less than or equal to 3"),
        (lambda line: {f"pieces-{line}": 0}, "greater than or equal to 1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, change, words):
    order = shipped(3)
    answer = client.post(path(order), ticked(order) | change(order.lines.get().pk))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Return.objects.exists()


def test_no_more_than_left_us_comes_back(client):
    order = shipped(3)
    client.post(path(order), ticked(order, 3))
    assert "said=too_late" in client.post(path(order), ticked(order, 1))["Location"]
    assert Return.objects.count() == 1


def test_order_of_which_nothing_left_offers_no_return(client, read):
    order = make_order()
    assert "Send something back" not in read(order)
    assert "said=too_late" in client.get(path(order))["Location"]


def test_stranger_and_other_sites_open_nothing(client):
    order = shipped(3)
    forged = path(order).replace("/o/", "/o/x")
    assert client.post(forged, ticked(order)).status_code == 404
    assert Client(enforce_csrf_checks=True).post(path(order), ticked(order)).status_code == 403
    assert not Return.objects.exists()


def test_somebody_who_opens_one_after_the_other_is_stopped(client):
    order = shipped(TRIES + 1)
    for _ in range(TRIES):
        assert client.post(path(order), ticked(order, 1)).status_code == 302
    answer = client.post(path(order), ticked(order, 1))
    assert (answer.status_code, "in an hour" in answer.content.decode()) == (429, True)
    assert Return.objects.count() == TRIES


def test_refund_is_told_only_while_money_goes_back(read):
    order = shipped(3, paid=False, channel=make_channel(gateway="test"))
    pay.authorise(order.pk, amount=order.gross, token="refund_declined", actor=ACTOR)
    deliver()
    rma = received(order)
    dispose(rma.pk, [DispositionIn(rma.lines.get().pk, 1, "restock", 1)])
    resolve(rma.pk, actor=ACTOR)
    assert "Done: €9.50 go back to you." in read(order)
    deliver()
    page = read(order)
    assert "go back to you" not in page
    assert "It is here, and we look at it." in page
    refund.pay_by_hand(Return.objects.get().refund_id, reference="SEPA 1", actor=ACTOR)
    assert "Done: €9.50 go back to you." in read(order)


def test_german_customer_reads_german(client):
    order = shipped(3, channel=make_channel(locale="de"))
    page = client.get(path(order)).content.decode()
    for words in ("Was senden Sie zurück?", "Es gefällt mir nicht", "Rücksendung anfragen"):
        assert words in page
    received(order, 1)
    deliver()
    assert "Sie ist hier" in client.get(reverse("customer_order", args=[token_of(order)])).content.decode()
