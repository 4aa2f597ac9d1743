"""The printed invoices and credit notes, read back from their PDFs."""

from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from django.db import transaction

from oms.papers.models import Document
from oms.papers.services.make_document import render as render_document
from orders.documents import credit_note, invoice
from orders.documents.epc import payload
from orders.models import ExchangeRate, Order
from orders.services import invoicing, pay
from orders.services.intake import LineIn
from orders.services.invoicing import CreditLineIn
from tests.make import ADDRESS, make_seller, make_sku
from tests.orders.money import make_order_of, make_rates, make_test_channel, ship

pytestmark = [pytest.mark.papers, pytest.mark.django_db]

IBAN = {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}
PARIS = {"company": "Tasses SARL", "name": "M. Dupont", "line1": "3 Rue de la Paix", "postcode": "75002"}
PARIS |= {"city": "Paris", "country": "FR"}


def pages(pdf):
    """Return the text of each page, on one line."""
    document = pypdfium2.PdfDocument(pdf.content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def text(pdf):
    return " ".join(pages(pdf))


def lines(count, *, name="Mug", discount="0"):
    sku = make_sku(count)
    return [
        LineIn(sku.code, 1, Decimal("11.90"), Decimal(discount), name=f"{name} {number}")
        for number in range(1, count + 1)
    ]


def invoice_of(*rows, seller=None, paid=None, **fields):
    make_rates()
    seller = make_seller(**{"legal_name": "Mugs & Söhne GmbH", "email": "bill@mugs.example"} | (seller or {}))
    channel = make_test_channel(seller=seller, **fields.pop("channel", {}))
    order = make_order_of(*rows or lines(1), channel=channel, **fields)
    if paid:
        pay.add_payment(order.pk, amount=Decimal(paid), gateway="manual")
    return ship(order)


@transaction.atomic
def credit(bill, *rows):
    order = Order.objects.lock(bill.order_id)
    return invoicing.credit(order, lines=rows, reason="Arrived broken", actor="user:1")


def test_an_invoice_says_all_that_it_must():
    bill = invoice_of(*lines(2, discount="1.19"), shipping="5.95", purchase_order="PO-7")
    said = text(invoice.render(bill.pk))
    for part in (
        f"Invoice {bill.code}",
        "Mugs & Söhne GmbH · Torstr. 1 · 10119 Berlin",
        "Our VAT id DE123456789",
        "Ann Miller Unter den Linden 1 10117 Berlin",
        f"Order {bill.order.number}",
        "Your order number PO-7",
        "Delivery address",
        "Mug 2 1 10.00 -1.00 19% 9.00",
        "3 Shipping 1 5.00 19% 5.00",
        "19% 23.00 4.37 27.37",
        "Total €27.37",
        "Amount due €27.37",
        "Page 1/1",
    ):
        assert part in said, part


def test_german_customers_read_german():
    bill = invoice_of(locale="de", paid="1.90")
    said = text(invoice.render(bill.pk))
    for part in ("Rechnung", "Lieferdatum", "Gesamtbetrag 11,90 €", "Bezahlt 1,90 €", "Zu zahlen 10,00 €", "Seite 1/1"):
        assert part in said, part


def test_other_languages_read_english():
    assert "Amount due" in text(invoice.render(invoice_of(locale="fr").pk))


def test_a_business_abroad_reads_why_it_pays_no_tax():
    fields = {"ship_to": PARIS, "vat_id": "FR40303265045", "channel": {"prices_include_tax": False}}
    said = text(invoice.render(invoice_of(**fields).pk))
    assert "Your VAT id FR40303265045" in said
    assert "Reverse charge: the recipient is liable for the VAT." in said
    assert "Paris France" in said
    german = text(invoice.render(invoice_of(locale="de", **fields).pk))
    assert "Steuerschuldnerschaft des Leistungsempfängers" in german
    assert "Frankreich" in german


def test_an_export_names_its_law_where_there_is_one():
    abroad = {"ship_to": ADDRESS | {"country": "CH", "postcode": "8001", "city": "Zürich"}}
    assert "Article 146" in text(invoice.render(invoice_of(**abroad).pk))
    said = text(invoice.render(invoice_of(seller={"country": "US"}, **abroad).pk))
    assert "Export: no tax is charged." in said
    assert "VAT" not in said


def test_tax_is_stated_at_home_too():
    ExchangeRate.objects.create(currency="GBP", home_currency="EUR", valid_on="2020-01-01", rate=Decimal("1.1651"))
    said = text(invoice.render(invoice_of(channel={"currency": "GBP"}, seller=IBAN).pk))
    assert "VAT in EUR: €2.21 (1 GBP = 1.1651 EUR)" in said
    assert "Please transfer £11.90" in said


def codes(pdf):
    page = pypdfium2.PdfDocument(pdf.content)[0]
    return zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())


def test_what_is_due_can_be_paid_by_phone():
    bill = invoice_of(seller=IBAN)
    pdf = invoice.render(bill.pk)
    [code] = codes(pdf)
    party = {"name": "Mugs & Söhne GmbH", "bic": "COBADEFFXXX", "iban": "DE89370400440532013000"}
    assert code.text == payload(**party, amount=bill.due, remittance=bill.code)
    assert code.text.split("\n")[7] == "EUR11.90"
    assert f"Please transfer €11.90, stating {bill.code}." in text(pdf)
    assert "IBAN DE89 3704 0044 0532 0130 00" in text(pdf)


@pytest.mark.parametrize("fields", [{"paid": "11.90", "seller": IBAN}, {"seller": {"iban": ""}}])
def test_nothing_due_or_nowhere_to_pay_it_asks_for_no_transfer(fields):
    pdf = invoice.render(invoice_of(**fields).pk)
    assert codes(pdf) == []
    assert "transfer" not in text(pdf)
    assert ("Paid in full" in text(pdf)) == ("paid" in fields)


def test_another_currency_has_no_sepa_code():
    pdf = invoice.render(invoice_of(seller=IBAN, channel={"currency": "GBP"}).pk)
    assert codes(pdf) == []


@pytest.mark.parametrize("count", [19, 20, 24, 60])
def test_header_rows_repeat_and_totals_are_never_alone(count):
    """From 19 to 24 rows the totals wander over the end of the first page."""
    made = pages(invoice.render(invoice_of(*lines(count), seller=IBAN).pk))
    assert all("Pos. SKU Description" in page for page in made)
    assert f"Page {len(made)}/{len(made)}" in made[-1]
    assert f"Mug {count}" in made[-1]
    assert "Amount due" in made[-1]
    assert "Please transfer" in made[-1]


def test_long_names_and_rows_lose_nothing():
    name = "Teapot, hand-painted, " + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3
    said = text(invoice.render(invoice_of(*lines(1, name=name)).pk))
    assert said.replace(" ", "").count("hauptbetriebswerk") == 3


def test_what_customers_type_is_never_markup():
    fields = {"ship_to": ADDRESS | {"name": "<b>Ann</b> <img src=file:///etc/passwd>"}}
    assert "<b>Ann</b> <img src=file:///etc/passwd>" in text(invoice.render(invoice_of(**fields).pk))


def test_a_credit_note_names_its_invoice():
    bill = invoice_of(*lines(2), shipping="5.95")
    note = credit(bill, CreditLineIn(line_id=bill.order.lines.first().pk, quantity=1), CreditLineIn(gross=Decimal(3)))
    said = text(credit_note.render(note.pk))
    for part in (
        f"Credit note {note.code}",
        f"Credits invoice {bill.code}",
        "Reason: Arrived broken",
        "Mug 1 1 10.00 19% 10.00",
        "Price reduction on 2 positions",
        "Credited in total €14.90",
    ):
        assert part in said, part
    assert "transfer" not in said


def test_a_reprint_says_so():
    bill = invoice_of()
    document = Document.objects.get(kind="invoice", object_id=bill.pk)
    assert "COPY 2" in text(render_document(document, reprint=2))
    assert "COPY" not in text(invoice.render(bill.pk))
