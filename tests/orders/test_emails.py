"""What customers are told, through the real consumers: the words that go out, to whom, how often."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from inventory.models import KitComponent, StockLevel
from inventory.services import stock
from oms.outbox.models import Delivery, Event
from oms.papers.models import Message
from oms.papers.services.send_message import send_message
from oms.papers.services.write_message import keep, write_message
from orders.customer.links import order_of
from orders.models import Order
from orders.services import change, refund
from orders.services.cancel import cancel
from orders.services.intake import ChargeIn, LineIn
from orders.services.place import place
from orders.services.refund import RefundLineIn
from orders.services.tell_customer import tell_customer
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.money import make_paid

pytestmark = pytest.mark.django_db


def german(**fields):
    return make_channel(locale="de", support_email="hilfe@mugs.example", support_phone="+49 30 1234", **fields)


def sent(order):
    """Deliver what is due and return the mail about `order` that went out last."""
    deliver()
    return next(one for one in reversed(mail.outbox) if order.number in one.subject)


def written(order, kind):
    """Return the Mail that message `kind` of `order` is, whether it waits or not."""
    deliver()
    return write_message(Message.objects.get(subject=order.subject, kind=kind))


def test_confirmation_says_what_was_ordered_and_for_how_much():
    order = make_order(make_sku(10, name="Mug, blue"), 3, unit_price=Decimal("9.50"))
    one = sent(order)
    assert one.subject == f"Your order {order.number} at Mugs"
    assert one.to == ["ann@example.com"]
    for text in (one.body, one.alternatives[0].content):
        assert "Mug, blue" in text
        assert "€28.50" in text
        assert "Ann Miller" in text
        assert "/o/" in text


def test_confirmation_in_german():
    one = sent(make_order(make_sku(10), 1000, channel=german()))
    assert one.subject.startswith("Ihre Bestellung")
    assert "9.500,00\xa0€" in one.body
    assert "Deutschland" in one.body
    assert '<html lang="de">' in one.alternatives[0].content
    assert one.extra_headers["Content-Language"] == "de"


def test_charges_are_called_as_the_channel_calls_them_or_in_the_customers_language():
    charges = [ChargeIn("shipping", Decimal(4)), ChargeIn("fee", Decimal(2), name="Express-Zuschlag")]
    one = sent(place(make_order_in(make_sku(10), channel=german(), charges=charges)))
    assert "  Versand: 4,00" in one.body
    assert "  Express-Zuschlag: 2,00" in one.body


def test_replies_reach_the_channels_support():
    one = sent(make_order(channel=german()))
    assert one.reply_to == ["hilfe@mugs.example"]
    assert one.from_email.startswith("Mugs <")
    assert "+49 30 1234" in one.body


def test_confirmation_names_what_is_not_in_stock():
    order = make_order(make_sku(2, name="Mug"), 5)
    one = sent(order)
    for text in (one.body, one.alternatives[0].content):
        assert "Not in stock at the moment:" in text
        assert "3 × Mug" in text
        assert "We tell you as soon as we can" in text


def test_missing_part_of_a_kit_is_told_as_the_kit():
    kit, home = make_sku(kind="kit", name="Breakfast set"), make_location()
    for on_hand, name in ((10, "Plate"), (2, "Egg cup")):
        KitComponent.objects.create(kit=kit, component=make_sku(on_hand, home, name=name), quantity=2)
    one = sent(place(make_order_in(LineIn(kit.code, 2, Decimal(20)))))
    assert "  1 × Breakfast set\n" in one.body
    assert "4 × Egg cup" in one.body


def lose_all(sku):
    """Book all pieces of an SKU off, so that nobody can be served."""
    stock.adjust(sku, place_of(sku), -5, reason="lost")


def test_customer_is_told_once_that_it_comes_later_and_once_that_it_can_be_sent():
    sku = make_sku(5)
    order = make_order(sku, 2)
    deliver()
    lose_all(sku)
    deliver()
    Delivery.objects.update(next_attempt_at=timezone.now())
    late = sent(order)
    assert late.subject == f"Your order {order.number} takes longer"
    assert "2 × Mug" in late.body
    deliver()
    stock.receive(sku, place_of(sku), 5, key="more")
    assert sent(order).subject == f"Your order {order.number} can be sent now"
    assert len(mail.outbox) == 3


def test_bad_news_waits_a_minute_and_good_news_meanwhile_leave_nothing_to_tell():
    sku = make_sku(5)
    make_order(sku, 2)
    deliver()
    lose_all(sku)
    deliver()
    stock.receive(sku, place_of(sku), 5, key="more")
    deliver()
    assert len(mail.outbox) == 1
    assert Message.objects.get(kind="order_delayed").status == "stopped"


def test_who_was_promised_no_day_is_told_that_it_can_be_sent():
    home, sku = make_location(), make_sku(0)
    order = make_order(sku, 2)
    deliver()
    stock.receive(sku, home, 5)
    assert sent(order).subject == f"Your order {order.number} can be sent now"


def test_cancellation_waits_a_minute():
    order = make_order()
    deliver()
    cancel(order.pk, reason="customer changed his mind")
    deliver()
    message = Message.objects.get(kind="order_cancelled")
    assert message.status == "queued"
    assert (message.not_before - message.created_at).total_seconds() == pytest.approx(60, abs=2)
    one = write_message(message)
    assert one.subject == f"Your order {order.number} is cancelled"
    assert "changed his mind" not in one.text, "the reason is for ourselves"


def test_cancelled_pieces_are_named_and_so_is_what_still_comes():
    order = make_order(make_sku(10), 5)
    cancel(order.pk, lines={order.lines.get().pk: 2}, reason="too many")
    one = written(order, "order_lines_cancelled")
    assert "  2 × Mug\n" in one.text
    assert "Still to come:\n  3 × Mug" in one.text


@pytest.mark.parametrize("failed", [False, True])
def test_what_waits_goes_to_the_mended_address_alone_with_a_link_that_opens(failed):
    order = make_order(quantity=2, email="stranger@example.com")
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="too many")
    deliver("orders.tasks.mail_lines_cancelled")
    message = Message.objects.get(kind="order_lines_cancelled")
    if failed:
        keep(message, write_message(message))
        Message.objects.filter(pk=message.pk).update(status="failed")
    change.change(order.pk, {"email": "ann@example.com"})
    send_message(message.pk)
    [one] = mail.outbox
    assert one.to == ["ann@example.com"]
    assert order_of(re.search(r"/o/([^/\s]+)/", one.body)[1]) == order


def test_what_waits_is_not_sent_when_the_address_is_taken_away():
    message = tell_customer("order_confirmation", make_order().pk, wait_s=60)
    change.change(message.object_id, {"email": ""})
    assert not send_message(message.pk)
    message.refresh_from_db()
    assert message.status == "suppressed"


def test_cancelled_kit_is_told_as_the_kit():
    kit, home = make_sku(kind="kit", name="Breakfast set"), make_location()
    for name in ("Plate", "Egg cup"):
        KitComponent.objects.create(kit=kit, component=make_sku(20, home, name=name), quantity=2)
    order = place(make_order_in(LineIn(kit.code, 3, Decimal(20))))
    cancel(order.pk, lines={order.lines.get(parent=None).pk: 2}, reason="too many")
    one = written(order, "order_lines_cancelled")
    assert "will not be sent:\n  2 × Breakfast set\n\n" in one.text


def test_money_that_goes_back_is_told_with_its_way():
    order, payment = make_paid((2, "9.50"))
    line = RefundLineIn("goodwill", Decimal("4.00"))
    refund.request(order.pk, lines=[line], reason="he complained", actor="user:1")
    one = sent(order)
    assert one.subject == f"Your money for order {order.number} is on its way back"
    assert "€4.00" in one.body
    assert payment.method in one.body
    assert "complained" not in one.body


def test_money_that_a_person_sends_is_not_said_to_go_where_it_came_from():
    order, _ = make_paid((2, "9.50"), token="refund_declined")
    row = refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(4))], reason="he complained", actor="user:1")
    deliver()
    refund.pay_by_hand(row.pk, reference="SEPA 123", actor="user:2")
    one = sent(order)
    for text in (one.body, one.alternatives[0].content):
        assert "€4.00" in text
        assert "five working days" in text
        assert "where it came from" not in text


def test_draft_that_is_thrown_away_is_told_to_nobody():
    order = make_order()
    Order.objects.filter(pk=order.pk).update(placed_at=None)
    cancel(order.pk, reason="never finished")
    deliver()
    assert not Message.objects.filter(kind="order_cancelled").exists()


@pytest.mark.parametrize("why", ["muted", "import", "no address"])
def test_nobody_is_mailed_who_must_not_be_and_the_row_says_so(why):
    order = make_order(
        channel=make_channel(is_muted=why == "muted"), email="" if why == "no address" else "a@b.example"
    )
    if why == "import":
        Order.objects.filter(pk=order.pk).update(origin="import")
    deliver()
    assert mail.outbox == []
    assert Message.objects.get(subject=order.subject).status == "suppressed"


@pytest.mark.corrupt(14)  # applied twice is what it is about
def test_consumer_that_runs_twice_queues_one_mail():
    order = make_order()
    deliver()
    Delivery.objects.filter(consumer="orders.tasks.mail_confirmation").update(done_at=None, lease_until=None)
    deliver()
    assert Message.objects.filter(subject=order.subject).count() == 1
    assert len(mail.outbox) == 1


def test_events_name_no_person():
    make_order(channel=german())
    deliver()
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert not any(word in told for word in ("Ann", "ann@", "Linden", "10117"))


def test_text_of_customers_is_text_and_no_markup():
    address = ADDRESS | {"name": "<b>Ann & Co</b>", "line1": "{{ order.pk }}<script>"}
    sku = make_sku(10, name="Mug <i>5 > 3</i> & more")
    one = sent(make_order(sku, ship_to=address))
    html = one.alternatives[0].content
    assert "Mug <i>5 > 3</i> & more" in one.body
    assert "<b>Ann & Co</b>" in one.body
    assert "<script>" not in html
    assert "<i>5" not in html
    assert "{{ order.pk }}" in html


@pytest.mark.parametrize("name", ["See www.evil.example", "http://evil.example", "x" * 61, "Win@evil", "Best evil.com"])
def test_no_advertisement_is_greeted(name):
    one = sent(make_order(ship_to=ADDRESS | {"name": name}))
    assert one.body.startswith("Hello,\n")


def place_of(sku):
    return StockLevel.objects.get(sku=sku).location
