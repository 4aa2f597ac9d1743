"""A department store that orders by EDI: one order shipped and billed, one partly late, one to map, a file refused."""

import os
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services import open_orders
from fulfilment.services.advise_shipment import advise
from inventory.models import Location
from oms.lib.commands import command
from oms.management.demo.road import sent
from oms.management.demo.scarce import good
from oms.management.demo.shop import FIELDS
from orders.channels.edi.write import Envelope, x12
from orders.models import Channel, Connection, EdiPartner, Invoice, Order
from orders.services.answer_purchase import answer_purchase
from orders.services.edi_folders import folder_of
from orders.services.send_invoice import send_invoice
from orders.services.take_up_files import take_up
from orders.services.verify import verify
from orders.services.work_document import work

OURS, THEIRS = "HAUSTISCH", "NORDHAUS"
SHIPPED = "4500871"
# (file, its control number, order, our SKU, pieces); the last is the second once more, under another name.
FILES = (
    ("po-0101.edi", 101, SHIPPED, "TRY-WALNUT", 6),
    ("po-0102.edi", 102, "4500872", "TRY-WALNUT", 30),  # more than there are
    ("po-0103.edi", 103, "4500873", "TRY-WALNUT-XL", 4),
    ("po-0104.edi", 102, "4500872", "TRY-WALNUT", 30),
)


@command
def make(channel):
    """Connect the store, of the seller of `channel`, and take up its files; a second call changes nothing."""
    shared = {name: getattr(channel, name) for name in FIELDS}
    shared |= {"name": "Nordhaus stores", "kind": Channel.Kind.B2B, "prices_include_tax": False, "locale": "en"}
    store, _ = Channel.objects.get_or_create(code="NORDHAUS", defaults=shared)
    connection, is_new = Connection.objects.get_or_create(channel=store, defaults={"kind": "edi", "is_shadow": False})
    if not is_new:
        return
    good(store, Location.objects.get(code="BER"), "TRY-WALNUT", "Tray, walnut", "21.00", pieces=24)
    ids = {"our_id": OURS, "their_id": THEIRS, "vendor_number": "70115"}
    partner = EdiPartner.objects.create(
        connection=connection, inbox="nordhaus/in", outbox="nordhaus/out", is_test=False, **ids
    )
    for name, *order in FILES:
        _leave(partner, name, *order)
    take_up(connection.pk)
    for document in connection.documents.order_by("pk"):
        work(document.pk)
    for order in Order.objects.filter(channel=store).order_by("pk"):
        _answer(order)


def _answer(order):
    """Let the order go to the floor and its answer out; one is shipped, announced and billed too."""
    verify(order.pk)
    open_orders.follow(order.pk)
    answer_purchase(order.pk)
    if order.external_id == SHIPPED:
        sent(order)
        advise(FulfilmentOrder.objects.get(order=order).pk)
        send_invoice(Invoice.objects.get(order=order).pk)


def _leave(partner, name, control, number, sku, pieces):
    """Put an 850 into the inbox, as of an hour ago: nobody is writing it any more."""
    at = timezone.now() - timedelta(hours=1)
    envelope = Envelope("004010", ("ZZ", THEIRS), ("ZZ", OURS), control, is_test=False, at=at)
    path = folder_of(partner.inbox) / name
    path.write_text(x12(envelope, "850", _order(number, sku, pieces, at)), encoding="ascii")
    os.utime(path, (at.timestamp(), at.timestamp()))


def _order(number, sku, pieces, at):
    """Return the segments of an order with one line."""
    price = Decimal("12.60")
    return [
        ["BEG", "00", "SA", number, "", f"{at:%Y%m%d}"],
        ["CUR", "BY", "EUR"],
        ["DTM", "002", f"{at + timedelta(days=7):%Y%m%d}"],
        ["N1", "BY", "Nordhaus Warenhaus GmbH", "92", "NH"],
        ["N1", "ST", "Nordhaus Kiel", "92", "NH-017"],
        ["N3", "Holstenstr. 31"],
        ["N4", "Kiel", "", "24103", "DE"],
        ["PO1", "1", str(pieces), "EA", str(price), "", "VN", sku],
        ["PID", "F", "", "", "", "Tray, walnut"],
        ["CTT", "1"],
        ["AMT", "TT", str(price * pieces)],
    ]
