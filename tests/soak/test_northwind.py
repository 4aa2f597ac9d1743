"""Northwind's orders live their whole life: placed, picked, packed, shipped, invoiced, delivered, some returned.

A small folder of our own; all 830 real orders where OMS_NORTHWIND names the folder.
"""

import os
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Sum

from fulfilment.models import Carrier, FulfilmentOrder, Parcel, PickList
from fulfilment.services import deliver as arrivals
from fulfilment.services import pack
from fulfilment.services.pick import pick
from fulfilment.services.release import release
from fulfilment.services.ship import ship
from inventory.models import Bin, BinStock, Sku, SkuBarcode, StockLevel
from inventory.services import stock
from oms.lib import doctor
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from orders.models import CreditNote, Hold, Invoice, Order, OrderLine, Refund
from orders.services import holds, pay
from orders.services.close import ORDERS_AT_ONCE as CLOSED_AT_ONCE
from orders.services.close import close_due
from returns.models import Return
from returns.services import inspect, receive, request, resolve
from tests.deliver import deliver
from tests.fulfilment.paper import barcodes_of
from tests.orders.imports.northwind_files import detail_row, order_row, write_northwind

pytestmark = [pytest.mark.soak, pytest.mark.papers, pytest.mark.django_db(transaction=True)]

ACTOR = "user:1"
ON_A_LIST = 20
RETURNED = 40
KINDS_READ = ("pick_list", "packing_slip", "invoice", "credit_note")


@pytest.fixture
def folder(tmp_path, sized):
    """The real folder, or one of a few orders."""
    if "OMS_NORTHWIND" in os.environ:
        return Path(os.environ["OMS_NORTHWIND"])
    details, numbers = [], range(1, sized(5, 7))
    for number in numbers:
        details.append(detail_row(number, 11, number, price="21", discount="0.05"))
        if number % 3:
            details.append(detail_row(number, 42, 2, price="14"))
    return write_northwind(tmp_path, orders=[order_row(number) for number in numbers], details=details)


def test_every_order_is_placed_shipped_invoiced_and_some_come_back(folder, capsys):
    call_command("import_orders", folder, "--channel", "nw", "--format", "northwind", "--live", "--stock-at", "E", "W")
    Carrier.objects.create(code="SPEEDY", name="Speedy Express")
    put_away()
    deliver()
    released = let_go()
    work_off()
    settle()
    back = come_back(RETURNED if Order.objects.count() > RETURNED else 2)

    orders = Order.objects.exclude(status="closed")
    assert [(order.external_id, order.status, order.fulfilment_state) for order in orders] == []
    assert not OrderLine.objects.exclude(shipped=F("quantity")).exists()
    assert Invoice.objects.aggregate(net=Sum("net"))["net"] == Order.objects.aggregate(net=Sum("net"))["net"]
    in_parts = Order.objects.annotate(number=Count("parcels")).filter(number__gt=1)
    assert in_parts.exists()
    assert (Return.objects.filter(status="resolved").count(), Refund.objects.filter(status="done").count()) == (
        back,
        back,
    )
    assert CreditNote.objects.count() == back
    assert not Document.objects.exclude(status="ready").exists()
    assert [violation for finding in doctor.run(snapshot=False) for violation in finding.violations] == []
    read = read_back()
    with capsys.disabled():
        print(tally(in_parts.count(), released, read))


def put_away():
    """Carry what came to the dock to a shelf of its own, and give boxes of the quantities ordered a barcode."""
    for number, row in enumerate(BinStock.objects.filter(bin__kind="dock").select_related("bin__location"), start=1):
        location = row.bin.location
        shelf = Bin.objects.create(location=location, code=f"A-{number}", aisle="A")
        stock.move(Sku.objects.get(pk=row.sku_id), row.bin, shelf, row.quantity, actor=ACTOR)
    boxes = OrderLine.objects.values_list("sku", "sku_code", "quantity").distinct().order_by()
    SkuBarcode.objects.bulk_create(
        SkuBarcode(sku_id=sku, code=f"{code}X{pieces}", pieces=pieces) for sku, code, pieces in boxes if pieces > 1
    )


def let_go():
    """Release every hold, as CS would who looked at it; returns {kind of hold: how many}."""
    kinds = Counter()
    for hold in Hold.objects.active().order_by("pk"):
        holds.release(hold.order_id, hold.pk, note="looked at", actor=ACTOR)
        kinds[hold.kind] += 1
    deliver()
    return dict(kinds)


def work_off():
    """Release, pick, pack, ship and deliver all there is, wave by wave."""
    while rows := list(FulfilmentOrder.objects.filter(status="open").order_by("location", "pk")):
        wave = [row.pk for row in rows if row.location_id == rows[0].location_id][:ON_A_LIST]
        for task in release(wave, actor=ACTOR).pick_list.tasks.in_walking_order():
            pick(task.pk, picked=task.quantity, actor=ACTOR)
        for pk in wave:
            pack_and_ship(pk)
        deliver()
    for parcel in Parcel.objects.filter(status="shipped"):
        arrivals.deliver(parcel.pk, actor="system")
    for _ in range(1 + Order.objects.count() // CLOSED_AT_ONCE):
        close_due()
    deliver()


def pack_and_ship(pk):
    """Scan each line, by its box where there is one, close the parcel and let it leave."""
    for line in FulfilmentOrder.objects.get(pk=pk).lines.select_related("sku"):
        box = SkuBarcode.objects.filter(sku=line.sku, pieces=line.wanted).first()
        for code in [box.code] if box else [line.sku.code] * line.wanted:
            packed = pack.scan(pk, code, actor=ACTOR)
    pack.close_parcel(packed.parcel_id, weight_g=1000, actor=ACTOR)
    ship(pk, carrier="SPEEDY", actor=ACTOR)


def settle():
    """The customers pay their invoices."""
    for order in Order.objects.filter(gross__gt=0):
        pay.add_payment(order.pk, amount=order.gross, reference=f"transfer {order.number}", actor=ACTOR)
    deliver()


def come_back(count):
    """Return a piece of each of the first `count` orders, all the way to the money."""
    for order in Order.objects.order_by("pk")[:count]:
        line = order.lines.order_by("pk").first()
        rma = request.request(order.pk, [request.ReturnLineIn(line.pk, 1)], actor=ACTOR, ignores_window=True)
        request.approve(rma.pk, actor=ACTOR)
        came = rma.lines.get()
        receive.receive(rma.pk, {came.pk: 1}, actor=ACTOR)
        inspect.dispose(rma.pk, [inspect.DispositionIn(came.pk, 1, "restock", grade=1)], actor=ACTOR)
        resolve.resolve(rma.pk, actor=ACTOR)
    deliver()
    return count


def read_back():
    """Scan every barcode: of all documents of the real orders, else of two a kind; returns {kind: barcodes read}."""
    most = None if "OMS_NORTHWIND" in os.environ else 2
    read = defaultdict(int)
    for kind in KINDS_READ:
        for document in islice(Document.objects.filter(kind=kind).order_by("-pk"), most):
            codes = [text for _, text in barcodes_of(Printed(read_document(document)))]
            read[kind] += len(codes)
            if kind == "pick_list":
                assert str(PickList.objects.get(pk=document.object_id)) in codes
            if kind == "packing_slip":
                assert Order(pk=int(document.subject.partition(":")[2])).number in codes
    return dict(read)


class Printed:
    """A PDF that was read from the store."""

    def __init__(self, content):
        self.content = content


def tally(in_parts, released, read):
    levels = StockLevel.objects.aggregate(on_hand=Sum("on_hand"), reserved=Sum("reserved"))
    return {
        "orders": Order.objects.count(),
        "in two parcels": in_parts,
        "parcels": Parcel.objects.count(),
        "pick lists": PickList.objects.count(),
        "invoices": Invoice.objects.count(),
        "documents": Document.objects.count(),
        "returns": Return.objects.count(),
        "holds released": released,
        "barcodes read": read,
        "stock left": levels,
    }
