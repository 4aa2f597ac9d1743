"""Writing, approving, sending, confirming and ending purchase orders."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from inventory.models import PurchaseLine, PurchaseOrder
from inventory.services import approve_purchase, confirm_purchase, draft_purchase, end_purchase, send_purchase
from inventory.services.purchase_advice import advise
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.papers.models import Document, Message
from orders.models import ExchangeRate
from tests.deliver import deliver
from tests.inventory.buying import lists, make_purchase, make_sent, make_supplier, set_line
from tests.make import make_location, make_seller, make_sku

pytestmark = pytest.mark.django_db
Status = PurchaseOrder.Status


def events(order):
    return list(Event.objects.filter(subject=order.subject).order_by("sequence").values_list("name", flat=True))


def state(order):
    return PurchaseOrder.objects.get(pk=order.pk).status


def test_a_draft_takes_the_list_price_of_its_quantity_and_the_suppliers_code():
    row = lists(make_supplier(), prices=((1, "4.00"), (100, "3.10")))
    order = draft_purchase.draft(row.supplier, make_location(), {row.sku: 100}, actor="user:1")
    line = order.lines.get()
    assert (line.supplier_code, line.cost, line.quantity, order.total()) == (row.code, Decimal("3.10"), 100, 310)
    assert order.number == f"P{10_000 + order.pk}"


def test_the_same_key_drafts_once():
    first = make_purchase(key="proposal:1")
    again = draft_purchase.draft(first.supplier, first.location, {}, key="proposal:1", actor="user:1")
    assert again == first
    assert PurchaseOrder.objects.count() == 1


def test_a_changed_quantity_is_priced_anew_and_a_cost_that_was_entered_stays_said():
    row = lists(make_supplier(), prices=((1, "4.00"), (100, "3.10")))
    order = draft_purchase.draft(row.supplier, make_location(), {row.sku: 1}, actor="user:1")
    assert set_line(order, row.sku, 100, actor="user:1").cost == Decimal("3.10")
    assert set_line(order, row.sku, 100, cost=Decimal("2.99"), actor="user:1").cost == Decimal("2.99")
    assert order.lines.count() == 1


def test_a_sku_off_the_list_needs_its_cost():
    order, sku = make_purchase(), make_sku(code="LOOSE")
    with pytest.raises(Invalid, match="LOOSE is not on the price list of .*: enter what it costs") as refused:
        set_line(order, sku, 5, actor="user:1")
    assert refused.value.field == "cost"
    assert order.lines.count() == 1
    set_line(order, sku, 5, cost=Decimal(7), actor="user:1")
    assert order.lines.get(sku=sku).cost == 7


@pytest.mark.parametrize("quantity", [0, -3, 100_000_001])
def test_a_quantity_that_cannot_be_meant_is_refused(quantity):
    order = make_purchase()
    with pytest.raises(Invalid, match="pieces"):
        draft_purchase.rewrite(order.pk, [(order.lines.get().sku, quantity, None)], actor="user:1")
    assert order.lines.get().quantity == 10


def test_a_kit_cannot_be_bought():
    order = make_purchase()
    with pytest.raises(Invalid, match="no pieces of it lie on a shelf"):
        set_line(order, make_sku(kind="kit"), 1, cost=Decimal(1), actor="user:1")


def test_a_foreign_currency_needs_an_exchange_rate():
    make_seller(home_currency="EUR")
    supplier = make_supplier(currency="USD")
    with pytest.raises(Invalid, match="no exchange rate of USD in EUR"):
        make_purchase(supplier=supplier)
    assert not PurchaseOrder.objects.exists()
    ExchangeRate.objects.create(currency="USD", home_currency="EUR", valid_on=date(2020, 1, 1), rate=Decimal("0.9"))
    assert make_purchase(supplier=supplier).home_rate == Decimal("0.9")


def test_a_line_can_be_dropped_and_an_empty_order_is_not_approved():
    order = make_purchase()
    set_line(order, order.lines.get().sku, 0)
    with pytest.raises(Invalid, match="has no lines"):
        approve_purchase.approve(order.pk, actor="user:2")
    assert state(order) == Status.DRAFT


def test_under_the_limit_the_author_approves_himself():
    order = make_purchase(10, supplier=make_supplier(approval_over=Decimal(40)))
    approve_purchase.approve(order.pk, actor="user:1")
    assert state(order) == Status.APPROVED


def test_over_the_limit_author_and_last_editor_are_refused():
    order = make_purchase(10, supplier=make_supplier(approval_over=Decimal(39)))
    set_line(order, order.lines.get().sku, 11, actor="user:2")
    for actor in ("user:1", "user:2"):
        with pytest.raises(DomainError, match="second person"):
            approve_purchase.approve(order.pk, actor=actor)
    assert state(order) == Status.DRAFT
    approve_purchase.approve(order.pk, actor="user:3")
    assert PurchaseOrder.objects.get(pk=order.pk).approved_by == "user:3"


def test_only_drafts_change_and_an_approved_one_is_opened_again():
    order = make_purchase()
    approve_purchase.approve(order.pk, actor="user:2")
    with pytest.raises(InvalidTransition, match="only a draft can be changed"):
        set_line(order, order.lines.get().sku, 99, actor="user:1")
    assert order.lines.get().quantity == 10
    draft_purchase.reopen(order.pk, actor="user:1")
    set_line(order, order.lines.get().sku, 99, actor="user:1")
    assert order.lines.get().quantity == 99


def test_sending_expects_each_line_by_the_late_lead_time_and_mails_the_pdf():
    order = make_sent()
    line = PurchaseLine.objects.inbound().get(order=order)
    assert line.arrives_on == timezone.localdate() + timedelta(days=14)
    assert state(order) == Status.SENT
    deliver()
    message = mail.outbox[-1]
    assert message.to == [order.supplier.email]
    assert order.number in message.subject
    assert message.attachments[0].filename == f"Purchase-order-{order}.pdf"
    assert message.attachments[0].content[:5] == b"%PDF-"


def test_a_german_supplier_reads_german():
    make_sent(supplier=make_supplier(language="de", address={"city": "Braga", "country": "PT"}))
    deliver()
    assert "Bestellung P" in mail.outbox[-1].subject
    assert Document.objects.get().title.startswith("Bestellung P")


def test_sending_twice_mails_once():
    order = make_sent()
    send_purchase.send(order.pk, actor="user:2")
    deliver()
    assert Message.objects.count() == 1


def test_without_an_email_it_is_sent_by_hand_or_not_at_all():
    order = make_purchase(supplier=make_supplier(email=""))
    approve_purchase.approve(order.pk, actor="user:2")
    with pytest.raises(Invalid, match="has no e-mail"):
        send_purchase.send(order.pk, actor="user:2")
    assert state(order) == Status.APPROVED
    send_purchase.send(order.pk, by_hand=True, actor="user:2")
    deliver()
    assert not Message.objects.exists()
    assert Document.objects.get().status == Document.Status.READY


def test_a_draft_is_not_sent():
    order = make_purchase()
    with pytest.raises(InvalidTransition, match="is draft and cannot become sent"):
        send_purchase.send(order.pk, actor="user:2")
    assert state(order) == Status.DRAFT


def test_confirmed_days_are_what_is_inbound_and_saying_them_again_tells_nobody():
    order = make_sent(10, 5)
    line, other = order.lines.order_by("pk")
    day = timezone.localdate() + timedelta(days=30)
    for _ in range(2):
        confirm_purchase.confirm(order.pk, {line.pk: day}, reference="AB-1", actor="user:2")
    arrivals = dict(PurchaseLine.objects.inbound().values_list("pk", "arrives_on"))
    assert arrivals == {line.pk: day, other.pk: timezone.localdate() + timedelta(days=14)}
    assert events(order).count("purchase.confirmed") == 1
    assert state(order) == Status.CONFIRMED


@pytest.mark.parametrize("days", [-1, 1000])
def test_an_impossible_day_is_refused(days):
    order = make_sent()
    with pytest.raises(Invalid, match="name a day from 20"):
        confirm_purchase.confirm(
            order.pk, {order.lines.get().pk: timezone.localdate() + timedelta(days=days)}, actor="user:2"
        )
    assert state(order) == Status.SENT
    assert order.lines.get().confirmed_on is None


def test_another_orders_line_is_refused():
    order, other = make_sent(), make_sent()
    with pytest.raises(Invalid, match="has no line"):
        confirm_purchase.confirm(order.pk, {other.lines.get().pk: timezone.localdate()}, actor="user:2")


def test_cancelling_ends_what_is_inbound_and_tells_the_supplier():
    order = make_sent()
    end_purchase.cancel(order.pk, reason="Too dear", actor="user:2")
    assert not PurchaseLine.objects.inbound().exists()
    deliver()
    assert "is cancelled" in mail.outbox[-1].subject
    assert "Too dear" in mail.outbox[-1].body


def test_ending_needs_a_reason():
    order = make_sent()
    for end in (end_purchase.cancel, end_purchase.close_short):
        with pytest.raises(Invalid, match="Say why"):
            end(order.pk, reason=" ", actor="user:2")
    assert state(order) == Status.SENT


def test_advice_names_minimum_packs_cheaper_steps_and_missing_freight():
    supplier = make_supplier(free_freight_from=Decimal(100), approval_over=Decimal(10))
    row = lists(supplier, moq=12, pack_size=6, prices=((1, "4.00"), (12, "3.00")))
    order = draft_purchase.draft(supplier, make_location(), {row.sku: 10}, actor="user:1")
    of_lines, of_order = advise(order, list(order.lines.all()))
    assert of_lines[order.lines.get().pk] == ["at least 12 pieces", "packs of 6: order 12", "€3.00 from 12 pieces on"]
    assert of_order == [
        f"€60.00 more and {supplier} pays the freight",
        "over €10.00: somebody else than its author must approve it",
    ]


def test_a_full_order_can_be_rewritten_with_other_goods(monkeypatch):
    order, sku = make_purchase(), make_sku()
    monkeypatch.setattr(draft_purchase, "MOST_LINES", 1)
    draft_purchase.rewrite(order.pk, [(sku, 3, Decimal(2))], actor="user:1")
    assert order.lines.get().sku == sku
    with pytest.raises(Invalid, match="at most 1 lines"):
        set_line(order, make_sku(), 1, cost=Decimal(2))
    assert order.lines.get().sku == sku
