"""What customers are told of their returns."""

import pypdfium2
import pytest
from django.core import mail
from django.utils import timezone

from inventory.models import Location
from oms.outbox.models import Delivery
from oms.papers.models import Document, Message
from oms.subscribers import DOCUMENTS
from orders.models import Order
from returns.models import ReturnPolicy
from returns.services import request
from tests.deliver import deliver
from tests.make import make_channel
from tests.returns.make import asked, received, shipped

pytestmark = pytest.mark.django_db


def test_approved_return_says_what_where_until_when_and_for_how_much():
    order = shipped(3)
    address = {"line1": "Lagerstr. 5", "postcode": "10115", "city": "Berlin", "country": "DE"}
    Location.objects.update(address=address)
    ReturnPolicy.objects.create(channel=order.channel, fee=5)
    rma = asked(order, 2)
    deliver()
    assert not Message.objects.filter(kind="return_approved").exists()
    request.approve(rma.pk)
    deliver()
    one = mail.outbox[-1]
    assert one.subject == f"You can send it back: your return from order {order.number}"
    for text in (one.body, one.alternatives[0].content):
        for words in ("2 × Mug", rma.number, "Lagerstr. 5", "Germany", "here by", "We keep €5.00"):
            assert words in text


def words_of(pdf):
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


@pytest.mark.papers
def test_slip_is_attached_whoever_of_the_workers_is_first():
    rma = asked(shipped(3))
    request.approve(rma.pk)
    deliver("returns.tasks.mail_approved", "oms.papers.tasks.send_message")
    name, content, media_type = mail.outbox[-1].attachments[0]
    assert (name, media_type) == (f"Return-slip-{rma}.pdf", "application/pdf")
    assert rma.number in words_of(content)
    deliver()
    assert Document.objects.filter(kind="return_slip").count() == 1
    assert len(Message.objects.get(kind="return_approved").attachments.all()) == 1


@pytest.mark.papers
def test_mail_waits_for_a_slip_that_cannot_be_made(monkeypatch):
    rma = asked(shipped(3))
    request.approve(rma.pk)
    with monkeypatch.context() as broken:
        broken.setitem(DOCUMENTS, "return_slip", "returns.documents.return_slip.nowhere")
        with pytest.raises(ImportError):
            deliver("returns.tasks.mail_approved", "oms.papers.tasks.send_message")
    assert not [one for one in mail.outbox if rma.number in one.body]
    Delivery.objects.update(next_attempt_at=timezone.now())
    deliver()
    [one] = [one for one in mail.outbox if rma.number in one.body]
    assert rma.number in words_of(one.attachments[0][1])


def test_second_approval_tells_nobody_again():
    rma = asked(shipped(3))
    for _ in range(2):
        request.approve(rma.pk)
    deliver()
    assert Message.objects.filter(kind="return_approved").count() == 1


def test_who_sent_it_unasked_is_not_asked_to_send_it():
    rma = received(shipped(3))
    deliver()
    assert not Message.objects.filter(kind="return_approved").exists()
    assert not Document.objects.filter(kind="return_slip", object_id=rma.pk).exists()


def test_declined_return_says_why_in_german():
    order = shipped(3, channel=make_channel(locale="de"))
    rma = asked(order)
    request.decline(rma.pk, "Das Siegel ist <offen>.")
    deliver()
    one = mail.outbox[-1]
    assert one.subject == f"Zu Ihrer Rücksendung aus Bestellung {order.number}"
    assert "Das Siegel ist <offen>." in one.body
    assert "&lt;offen&gt;" in one.alternatives[0].content


def test_who_has_no_address_is_told_nothing():
    order = shipped(3)
    Order.objects.filter(pk=order.pk).update(email="")
    request.approve(asked(Order.objects.get()).pk)
    deliver()
    assert Message.objects.get(kind="return_approved").status == "suppressed"
