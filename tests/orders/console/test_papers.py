"""Documents and e-mails of an order: opened, printed and sent again from its page."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from oms import roles
from oms.outbox.models import Event
from oms.papers.models import Document, Message
from oms.papers.services.send_message import send_message
from orders.customer.links import order_of
from orders.services import change
from orders.services.cancel import cancel
from orders.services.tell_customer import tell_customer
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_shelf, packed
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def slip():
    """The packing slip of a packed order, made."""
    _, (cup,) = make_shelf(9)
    packed(confirmed((cup, 1)))
    deliver()
    return Document.objects.get(kind="packing_slip")


def address(slip):
    return reverse("console:document", args=[slip.subject.removeprefix("order:"), slip.pk])


@pytest.mark.papers
def test_it_is_opened_as_it_was_made_and_printed_again_with_a_mark(cs, slip):
    page = cs.get(reverse("admin:orders_order_change", args=[slip.subject.removeprefix("order:")])).content.decode()
    assert f'action="{address(slip)}" target="_blank"' in page
    first, copy = cs.get(address(slip)), cs.post(address(slip))
    assert (first.status_code, copy.status_code, copy.headers["Content-Type"]) == (200, 200, "application/pdf")
    assert copy.content != first.content
    slip.refresh_from_db()
    assert slip.reprints == 1
    assert Event.objects.get(name="document.reprinted").actor == f"user:{cs.user.pk}"


def test_who_only_looks_prints_no_copies(client, slip):
    client.force_login(make_user(roles.READ_ONLY))
    assert client.get(address(slip)).status_code == 200
    assert client.post(address(slip)).status_code == 403
    slip.refresh_from_db()
    assert slip.reprints == 0


def send_again(client, message):
    """Press "Send again" on the page of an order's e-mail; returns the new one."""
    pk = message.subject.removeprefix("order:")
    client.post(reverse("console:resend", args=[pk, message.pk]))
    return Message.objects.get(resend_of=message)


def test_a_mail_that_was_stopped_is_read_and_sent_after_all(cs):
    order = make_order(quantity=2)
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="test")
    deliver("orders.tasks.mail_lines_cancelled")
    message = Message.objects.get(kind="order_lines_cancelled")
    cs.post(reverse("console:stop", args=[order.pk, message.pk]))
    again = send_again(cs, message)
    assert cs.get(reverse("console:message", args=[order.pk, again.pk])).status_code == 200
    assert send_message(again.pk)
    assert "  1 × Mug" in mail.outbox[-1].body


def test_send_again_goes_to_the_mended_address_with_a_link_that_opens(cs):
    order = make_order(email="wrong@example.com")
    message = tell_customer("order_confirmation", order.pk)
    send_message(message.pk)
    change.change(order.pk, {"email": "ann@example.com"})
    send_message(send_again(cs, message).pk)
    wrong, right = mail.outbox
    assert (wrong.to, right.to) == (["wrong@example.com"], ["ann@example.com"])
    assert opened(wrong) is None
    assert opened(right) == order


def test_what_failed_is_sent_again_and_no_more_by_itself(cs):
    message = tell_customer("order_confirmation", make_order().pk)
    Message.objects.filter(pk=message.pk).update(status="failed", last_error="SMTPRecipientsRefused")
    page = cs.get(reverse("console:message", args=[message.object_id, message.pk])).content.decode()
    assert "Send again" in page
    again = send_again(cs, message)
    assert not send_message(message.pk)
    assert send_message(again.pk)
    assert len(mail.outbox) == 1


def opened(one):
    """Return the order that the link in an e-mail opens, if any."""
    return order_of(re.search(r"/o/([^/\s]+)/", one.body)[1])
