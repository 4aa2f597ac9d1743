"""What customers are told of their parcels, through the real floor."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fulfilment.models import Carrier
from fulfilment.services.deliver import deliver as arrive
from fulfilment.services.pickup import collect, make_ready
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from oms.papers.models import Message
from oms.papers.services.resend_message import resend_message
from oms.papers.services.send_message import send_message
from oms.papers.services.write_message import write_message
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier():
    return Carrier.objects.create(code="dhl", name="DHL", tracking_url="https://dhl.example/?n={number}")


def send(order, number="JD0001"):
    """Ship the packed `order` with DHL; returns its parcel."""
    parcel = packed(order)
    [parcel] = ship(work_of(order).pk, carrier="dhl", tracking={parcel.pk: number}, actor=ACTOR)
    return parcel


def written(kind):
    deliver()
    return write_message(Message.objects.get(kind=kind))


def test_customer_is_told_what_left_and_where_to_follow_it(carrier):
    _, (cup,) = make_shelf(5, name="Cup")
    order = confirmed((cup, 2))
    send(order)
    one = written("order_shipped")
    assert one.subject == f"Your order {order.number} is on its way"
    for text in (one.text, one.html):
        assert "2 × Cup" in text
        assert "JD0001" in text
        assert "https://dhl.example/?n=JD0001" in text
        assert "DHL" in text
    assert "Still to come" not in one.text


def test_what_follows_is_told_when_a_part_left(carrier):
    home, (cup,) = make_shelf(5, name="Cup")
    order = confirmed((cup, 2), (make_sku(name="Saucer"), 3), channel=make_channel(locale="de"))
    send(order)
    one = written("order_shipped")
    assert one.subject == f"Ein Teil Ihrer Bestellung {order.number} ist unterwegs"
    assert "  2 × Cup\n" in one.text
    assert "Das kommt noch:\n  3 × Saucer" in one.text
    assert "sobald wir ihn wissen" in one.text


def test_what_a_muted_channel_kept_back_can_be_sent(carrier):
    _, (cup,) = make_shelf(5, name="Cup")
    send(confirmed((cup, 2), channel=make_channel(is_muted=True)))
    deliver()
    message = Message.objects.get(kind="order_shipped")
    assert message.status == "suppressed"
    assert send_message(resend_message(message).pk)
    assert "2 × Cup" in mail.outbox[-1].body


def test_wrong_click_is_taken_back_before_the_customer_hears(carrier):
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 1))
    send(order)
    deliver()
    message = Message.objects.get(kind="order_shipped")
    assert message.status == "queued"
    assert message.not_before > timezone.now() + timedelta(seconds=50)
    unship(work_of(order).pk, actor=ACTOR)
    deliver()
    message.refresh_from_db()
    assert message.status == "stopped"
    ship(work_of(order).pk, actor=ACTOR)
    deliver()
    assert Message.objects.filter(kind="order_shipped", status="queued").count() == 1


def test_told_on_arrival(carrier):
    _, (cup,) = make_shelf(5, name="Cup")
    order = confirmed((cup, 2))
    parcel = send(order)
    arrive(parcel.pk, actor=ACTOR)
    deliver()
    one = mail.outbox[-1]
    assert one.subject == f"Your order {order.number} has arrived"
    assert "2 × Cup" in one.body


def test_first_of_two_parcels_is_a_part(carrier):
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2), (make_sku(name="Saucer"), 3))
    arrive(send(order).pk, actor=ACTOR)
    one = written("order_delivered")
    assert one.subject == f"A part of your order {order.number} has arrived"
    assert "  3 × Saucer" in one.text


def test_pickup_is_told_when_it_is_ready_and_not_when_it_is_handed_over():
    address = {"line1": "Torstr. 1", "postcode": "10119", "city": "Berlin"}
    store = make_location(kind="store", allows_pickup=True, name="Mugs at Torstraße", address=address)
    _, (cup,) = make_shelf(5, location=store)
    order = confirmed((cup, 2), method="pickup", pickup_location=store.code)
    packed(order)
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    deliver()
    one = mail.outbox[-1]
    assert one.subject == f"Your order {order.number} is ready to be collected"
    for words in ("Mugs at Torstraße", "10119 Berlin", row.pickup_code, "We keep it for you until"):
        assert words in one.body
    collect(row.pk, code=row.pickup_code, actor=ACTOR)
    deliver()
    assert not Message.objects.filter(kind__in=["order_shipped", "order_delivered"]).exists()


def test_download_is_told_once():
    order = confirmed((make_sku(kind="digital", name="Pattern"), 1), method="digital", ship_to={})
    deliver()
    kinds = Message.objects.of(order.subject).values_list("kind", flat=True)
    assert sorted(kinds) == ["order_confirmation", "order_delivered"]
