from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from fulfilment.services.ship import ship as ship_packed
from inventory.models import KitComponent
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import exact
from oms.papers.models import Document
from orders.models import (
    CreditNote,
    ExchangeRate,
    ImmutableError,
    Invoice,
    InvoiceLine,
    NumberSeries,
    Order,
    SearchKey,
)
from orders.services import capture, invoicing, pay, refund
from orders.services.due import due_of
from orders.services.intake import LineIn
from orders.services.invoicing import CreditLineIn
from orders.services.refund import RefundLineIn
from orders.services.start_series import start_series
from tests.deliver import deliver
from tests.make import ADDRESS, make_location, make_seller, make_sku
from tests.orders.money import make_order_of, make_paid, make_rates, make_test_channel, ship, unship

pytestmark = pytest.mark.django_db


@transaction.atomic
def credit(order, *lines, **options):
    order = Order.objects.lock(order.pk)
    return invoicing.credit(order, lines=lines, **{"reason": "broken", "actor": "user:1"} | options)


def amounts(bill):
    return [(line.quantity, line.net, line.tax, line.gross) for line in bill.lines.all()]


def sums(bill):
    return bill.net, bill.tax, bill.gross


def D(*values):
    return tuple(Decimal(value) for value in values)


def test_an_invoice_has_the_goods_and_the_charges():
    make_rates()
    order = make_order_of((3, "10.00"), (1, "4.99"), shipping="4.90")
    with time_machine.travel("2035-03-01 23:30Z"):
        invoice = ship(order)
    assert amounts(invoice) == [
        (3, *D("25.21", "4.79", "30.00")),
        (1, *D("4.19", "0.80", "4.99")),
        (1, *D("4.12", "0.78", "4.90")),
    ]
    assert sums(invoice) == (order.net, order.tax, order.gross)
    assert invoice.supply_on == date(2035, 3, 2)


def test_the_invoices_of_a_part_shipment_add_up_to_the_order():
    make_rates()
    order = make_order_of(LineIn(make_sku(7).code, 7, Decimal("3.33"), Decimal("0.50")), shipping="4.90")
    for pieces in (2, 1, 3, 1):
        ship(order, {0: pieces})
    invoices = list(order.invoices.order_by("pk"))
    assert [invoice.lines.count() for invoice in invoices] == [2, 1, 1, 1]
    assert tuple(map(sum, zip(*map(sums, invoices), strict=True))) == (order.net, order.tax, order.gross)


def test_what_is_invoiced_is_not_invoiced_again():
    order = make_order_of((2, "9.50"))
    first = ship(order)
    assert ship(order, {}) is None
    assert list(order.invoices.all()) == [first]


def test_a_kit_is_invoiced_when_it_is_complete():
    here = make_location()
    kit, cup, saucer = make_sku(kind="kit"), make_sku(4, here), make_sku(2, here)
    KitComponent.objects.create(kit=kit, component=cup, quantity=2)
    KitComponent.objects.create(kit=kit, component=saucer, quantity=1)
    order = make_order_of(LineIn(kit.code, 2, Decimal("50.00")))
    assert ship(order, {1: 4}) is None
    assert amounts(ship(order, {2: 1})) == [(1, *D(50, 0, 50))]
    assert amounts(ship(order, {2: 1})) == [(1, *D(50, 0, 50))]


def test_what_costs_nothing_is_not_invoiced():
    order = make_order_of((2, "0"))
    assert ship(order) is None
    assert not NumberSeries.objects.exists()


def test_numbers_have_no_gap_and_dates_run_forward():
    channel = make_test_channel()
    with time_machine.travel("2035-03-01 22:59:59Z", tick=False):
        assert ship(make_order_of((1, "5"), channel=channel)).issued_on == date(2035, 3, 1)
    with time_machine.travel("2035-03-01 23:00:00Z", tick=False):
        assert ship(make_order_of((1, "5"), channel=channel)).issued_on == date(2035, 3, 2)  # in Berlin
    prefix = f"{channel.seller.code}-"
    assert list(Invoice.objects.order_by("pk").values_list("code", flat=True)) == [f"{prefix}000001", f"{prefix}000002"]


def test_a_rolled_back_invoice_leaves_no_gap():
    channel = make_test_channel()
    ship(make_order_of((1, "5"), channel=channel))
    with transaction.atomic():
        assert ship(make_order_of((1, "5"), channel=channel)).number == 2
        transaction.set_rollback(True)
    assert ship(make_order_of((1, "5"), channel=channel)).number == 2


def test_each_seller_counts_for_himself_and_credit_notes_apart():
    one, two = make_test_channel(), make_test_channel(seller=make_seller())
    order = make_order_of((1, "5"), channel=one)
    assert [ship(order).number, ship(make_order_of((1, "5"), channel=two)).number] == [1, 1]
    note = credit(order, CreditLineIn(gross=Decimal(1)))
    assert (note.number, note.code) == (1, f"{one.seller.code}-C000001")


def test_finance_starts_a_new_series():
    channel = make_test_channel()
    ship(make_order_of((1, "5"), channel=channel))
    start_series(channel.seller, "invoice", "2027-", first_number=501)
    assert ship(make_order_of((1, "5"), channel=channel)).code == "2027-000501"


def test_an_invoice_keeps_the_parties_as_they_were():
    order = make_order_of((1, "5"), bill_to=ADDRESS | {"company": "Mills Ltd"})
    invoice = ship(order)
    order.channel.seller.legal_name = "Cups AG"
    order.channel.seller.save()
    invoice = Invoice.objects.get(pk=invoice.pk)
    assert invoice.seller_as_was["legal_name"] == "Mugs GmbH"
    assert (invoice.buyer["company"], invoice.ship_to["line1"]) == ("Mills Ltd", "Unter den Linden 1")


def test_an_invoice_never_changes():
    invoice = ship(make_order_of((1, "5")))
    for change in (
        lambda: Invoice.objects.get().save(),
        lambda: Invoice.objects.update(gross=0),
        lambda: Invoice.objects.get().delete(),
        lambda: Invoice.objects.all().delete(),
        lambda: InvoiceLine.objects.bulk_update(invoice.lines.all(), ["net"]),
    ):
        with pytest.raises(ImmutableError):
            change()
    assert Invoice.objects.get().gross == 5


def test_an_invoice_is_found_by_its_number_and_printed():
    invoice = ship(make_order_of((1, "5")))
    deliver("oms.papers.tasks.make_document", "orders.tasks.seal_bill")
    assert SearchKey.objects.get(kind="invoice").value == invoice.code.lower()
    document = Document.objects.get(kind="invoice", object_id=invoice.pk)
    assert (document.title, document.status) == (invoice.code, "ready")
    assert Invoice.objects.get().sha256 == document.sha256 != ""
    assert not Invoice.objects.seal(invoice.pk, "0" * 64)
    assert Invoice.objects.get().sha256 == document.sha256


def test_what_payments_cover_is_not_due():
    order, _ = make_paid((2, "10.00"), state="authorised")
    invoice = ship(order, {0: 1})
    assert (invoice.paid, invoice.due) == D(10, 0)
    assert ship(order, {0: 1}).due == 0


def test_payments_cover_earlier_invoices_first():
    order = make_order_of((2, "10.00"))
    pay.add_payment(order.pk, amount=Decimal(12), gateway="manual")
    assert [ship(order, {0: 1}).due, ship(order, {0: 1}).due] == [0, 8]


def test_tax_is_stated_in_the_home_currency_by_the_rate_of_the_day():
    make_rates()
    for day, rate in (("2035-02-27", "1.16512"), ("2035-03-03", "9")):
        ExchangeRate.objects.create(currency="GBP", home_currency="EUR", valid_on=day, rate=Decimal(rate))
    order = make_order_of((2, "10.00"), channel=make_test_channel(currency="GBP"))
    with time_machine.travel("2035-03-02 12:00Z"):
        invoice = ship(order)
    assert (invoice.tax, invoice.home_rate, invoice.home_tax) == D("3.19", "1.16512", "3.72")
    note = credit(invoice.order, CreditLineIn(gross=invoice.gross))
    assert (note.home_currency, note.home_tax) == ("EUR", Decimal("3.72"))


def test_goods_do_not_wait_for_a_missing_rate():
    make_rates()
    invoice = ship(make_order_of((2, "10.00"), channel=make_test_channel(currency="GBP")))
    assert (invoice.home_currency, invoice.home_rate, invoice.home_tax) == ("EUR", None, None)
    assert list(Invoice.objects.without_rate()) == [invoice]


def test_pieces_are_credited_at_what_they_were_invoiced_for():
    make_rates()
    order = make_order_of((3, "3.33"))
    invoice = ship(order)
    line = order.lines.get().pk
    notes = [credit(order, CreditLineIn(line_id=line, quantity=1)) for _ in range(3)]
    assert sum(note.gross for note in notes) == invoice.gross
    assert sum(note.tax for note in notes) == invoice.tax
    assert [list(note.invoices) for note in notes] == [[invoice]] * 3


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"quantity": 4}, "1 pieces more than was invoiced"),
        ({"gross": Decimal("30.01")}, "€0.01 more than was invoiced"),
        ({}, "how many pieces"),
    ],
)
def test_no_more_is_credited_than_was_invoiced(wanted, text):
    order = make_order_of((3, "10.00"), (1, "5.00"))
    ship(order)
    with pytest.raises(DomainError, match=text) as error:
        credit(order, CreditLineIn(line_id=order.lines.first().pk, **wanted))
    assert error.value.field == "lines.0"
    assert not CreditNote.objects.exists()


def test_nothing_is_credited_without_a_line_or_a_reason():
    order = make_order_of((3, "10.00"))
    ship(order)
    for lines, reason, field in (([], "broken", "lines"), ([CreditLineIn(gross=Decimal(1))], " ", "reason")):
        with pytest.raises(Invalid) as error:
            credit(order, *lines, reason=reason)
        assert error.value.field == field


def test_goodwill_falls_on_all_positions():
    make_rates()
    order = make_order_of((3, "10.00"), (1, "10.00"), shipping="10.00")
    ship(order)
    note = credit(order, CreditLineIn(gross=Decimal("5.00")), cause="price")
    assert [row[3] for row in amounts(note)] == [3, 1, 1]
    assert sums(note) == D("4.20", "0.80", "5.00")
    with pytest.raises(DomainError):
        credit(order, CreditLineIn(gross=Decimal("45.01")))
    assert credit(order, CreditLineIn(gross=Decimal("45.00"))).gross == 45


def test_after_goodwill_the_last_piece_takes_what_is_left():
    order = make_order_of((2, "10.00"))
    ship(order)
    line = order.lines.get().pk
    credit(order, CreditLineIn(gross=Decimal("2.00")))
    assert credit(order, CreditLineIn(line_id=line, quantity=1)).gross == 10
    assert credit(order, CreditLineIn(line_id=line, quantity=1)).gross == 8


def test_a_part_of_a_kit_is_credited_at_its_share():
    make_rates()
    here, kit = make_location(), make_sku(kind="kit")
    cup, saucer = make_sku(4, here, unit_cost=Decimal(4)), make_sku(2, here, unit_cost=Decimal(2))
    KitComponent.objects.create(kit=kit, component=cup, quantity=2)
    KitComponent.objects.create(kit=kit, component=saucer, quantity=1)
    order = make_order_of(LineIn(kit.code, 2, Decimal("50.00")))
    ship(order)
    note = credit(order, CreditLineIn(line_id=order.lines.get(sku=cup).pk, quantity=1))
    assert sums(note) == D("16.81", "3.19", "20.00")
    assert credit(order, CreditLineIn(line_id=order.lines.get(sku=saucer).pk, quantity=2)).gross == 20


def test_tax_alone_is_credited():
    make_rates()
    order = make_order_of((1, "119.00"))
    ship(order)
    note = credit(order, CreditLineIn(line_id=order.lines.get().pk, gross=Decimal(19), is_tax=True))
    assert sums(note) == D(0, 19, 19)
    with pytest.raises(DomainError):
        credit(order, CreditLineIn(line_id=order.lines.get().pk, gross=Decimal("0.01"), is_tax=True))


def test_a_credit_may_name_one_invoice():
    order = make_order_of((2, "10.00"))
    ship(order, {0: 1})
    second = ship(order, {0: 1})
    note = credit(order, CreditLineIn(line_id=order.lines.get().pk, quantity=1), invoice=second)
    assert list(note.invoices) == [second]
    with pytest.raises(DomainError):
        credit(order, CreditLineIn(line_id=order.lines.get().pk, quantity=1), invoice=second)


def test_a_refund_with_a_fee_credits_what_is_paid_back():
    order, _ = make_paid((2, "10.00"), shipping="5.00")
    ship(order)
    line = order.lines.get().pk
    lines = [RefundLineIn("item", Decimal(10), line, 1), RefundLineIn("shipping", Decimal(5))]
    lines.append(RefundLineIn("fee", Decimal(-3)))
    refund.request(order.pk, lines=lines, reason="returned", actor="user:1", wants_credit_note=True)
    deliver("orders.tasks.move_money")
    note = CreditNote.objects.get()
    assert [(row.line_id, row.quantity, row.gross) for row in note.lines.all()] == [(line, 1, 8), (None, 0, 4)]


def test_a_refund_of_what_was_never_invoiced_writes_no_credit_note():
    order, _ = make_paid((2, "10.00"))
    lines = [RefundLineIn("goodwill", Decimal(10))]
    refund.request(order.pk, lines=lines, reason="late", actor="user:1", wants_credit_note=True)
    deliver("orders.tasks.move_money")
    assert order.refunds.get().status == "done"
    assert not CreditNote.objects.exists()


def test_what_did_not_leave_is_taken_back_and_invoiced_again():
    make_rates()
    order = make_order_of((3, "3.33"), shipping="4.90")
    ship(order, {0: 2})
    ship(order, {0: 1})
    work, note = unship(order)
    assert (note.cause, note.gross) == ("unshipped", Decimal("6.66"))
    assert unship(order) == (work, note)
    ship_packed(work.pk, actor="user:1")
    again = order.invoices.first()
    assert amounts(again) == [(2, *D("5.59", "1.07", "6.66"))]
    invoiced = sum(invoice.gross for invoice in order.invoices.all()) - note.gross
    assert invoiced == order.gross


def test_charges_come_back_with_the_last_goods():
    order = make_order_of((2, "10.00"), shipping="4.90")
    ship(order, {0: 1})
    ship(order, {0: 1})
    assert unship(order)[1].gross == 10
    work, note = unship(order, 2)
    assert note.gross == exact("14.90")
    ship_packed(work.pk, actor="user:1")
    assert order.invoices.first().gross == exact("14.90")


def goodwill(order, amount):
    lines = [RefundLineIn("goodwill", Decimal(amount))]
    refund.request(order.pk, lines=lines, reason="late", actor="user:1", wants_credit_note=True)
    deliver()


def test_goodwill_before_the_goods_left_is_owed_on_no_invoice():
    order, _ = make_paid((1, "100.00"))
    goodwill(order, 10)
    assert (ship(order).due, due_of(order)) == (0, 90)


def test_goodwill_credited_between_two_invoices_counts_once():
    order, payment = make_paid((3, "50.00"), state="authorised", channel=make_test_channel(capture_at="manual"))
    capture.capture(payment.pk, amount=Decimal(100), actor="user:1")
    capture.void(payment.pk, actor="user:1")
    deliver()
    assert ship(order, {0: 1}).due == 0
    goodwill(order, 10)
    assert ship(order, {0: 1}).due == 0
    assert ship(order, {0: 1}).due == 50
