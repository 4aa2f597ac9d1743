"""An EDI day: orders in, acknowledgements, answers, shipments and invoices out, read again by pyx12 and pydifact."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import override_settings
from pydifact.segmentcollection import Interchange
from stdnum import ean

from fulfilment.models import Parcel
from fulfilment.services.advise_shipment import advise
from fulfilment.services.direct import ParcelIn, ship_reported
from fulfilment.services.ship import ship
from inventory.models import KitComponent
from orders.models import EdiDocument, Order, TaxRate
from orders.services.answer_purchase import answer_purchase
from orders.services.send_invoice import send_invoice
from tests.fulfilment.make import ACTOR, make_shelf, packed, work_of
from tests.make import make_location, make_seller, make_sku
from tests.orders.channels.edi.make import orders as edifact_orders
from tests.orders.channels.edi.make import po, x12
from tests.orders.channels.edi.partner import leave, make_partner, outbox, reread, rows, take_up

pytestmark = pytest.mark.django_db

PER_FILE = 2
PRICES = (Decimal("9.50"), Decimal("3.99"), Decimal("0.333"))


@pytest.fixture(autouse=True)
def gs1():
    with override_settings(GS1_PREFIX="4012345"):
        yield


def a_day(count, skus, scarce):
    """Return {PO number: [(code, pieces, price)]} of a day; the last order wants four more than there are."""
    found = {}
    for n in range(count):
        lines = [(sku.code, 1 + (n + i) % 4, price) for i, (sku, price) in enumerate(zip(skus, PRICES, strict=True))]
        found[f"PO{n:05d}"] = lines[: 1 + n % 3]
    return found | {"SHORT": [(skus[0].code, 2, PRICES[0]), (scarce.code, 10, Decimal("2.00"))]}


def goods(lines):
    return sum(pieces * price for _, pieces, price in lines)


def send_in(partner, wanted):
    numbers = list(wanted)
    for begin in range(0, len(numbers), PER_FILE):
        chunk = [po(number, *wanted[number]) for number in numbers[begin : begin + PER_FILE]]
        leave(partner, f"day{begin:04d}.edi", x12(*chunk, control=begin + 1))
    take_up(partner)


def ship_everything(partner):
    for order in Order.objects.order_by("pk"):
        ship(packed(order).fulfilment_order_id, actor=ACTOR)
    take_up(partner)


def test_an_edi_day(sized):
    TaxRate.objects.create(country="US", rate=Decimal("0.0825"), valid_from="2020-01-01")
    count = sized(3, 199)
    _, skus = make_shelf(4 * count + 10, 4 * count + 10, 4 * count + 10, 6)
    skus, scarce = skus[:3], skus[3]
    wanted = a_day(count, skus, scarce)
    partner = make_partner(vendor_number="V-77", seller=make_seller(country="US", vat_id=""))
    send_in(partner, wanted)
    ship_everything(partner)

    read = [reread(path) for path in outbox(partner)]
    assert [one.control for one in read] == list(range(1, len(read) + 1))
    by_kind = {kind: [one for one in read if one.kind == kind] for kind in ("997", "855", "856", "810")}
    assert {kind: len(found) for kind, found in by_kind.items()} == {
        "997": -(-len(wanted) // PER_FILE),
        **dict.fromkeys(("855", "856", "810"), len(wanted)),
    }
    assert sum(int(rows(one, "AK9")[0][3]) for one in by_kind["997"]) == len(wanted)
    check_answers(by_kind["855"], wanted)
    sent = check_shipments(by_kind["856"], wanted)
    check_invoices(by_kind["810"], wanted, sent)
    assert EdiDocument.objects.filter(written_at=None).count() == 0


def check_answers(found, wanted):
    """Each line is answered with all its pieces, at its price; of the scarce SKU four are backordered."""
    totals = {}
    for one in found:
        [bak] = rows(one, "BAK")
        lines = rows(one, "PO1")
        totals[bak[2]] = sum(int(line[1]) * Decimal(line[3]) for line in lines)
        assert bak[1] == ("AC" if bak[2] == "SHORT" else "AD")
        assert sum(int(row[1]) for row in rows(one, "ACK")) == sum(int(line[1]) for line in lines)
        assert rows(one, "REF") == [["IA", "V-77"]]
    assert totals == {number: goods(lines) for number, lines in wanted.items()}
    late = [row for one in found for row in rows(one, "ACK") if row[0] == "IB"]
    assert [row[:3] for row in late] == [["IB", "4", "EA"]]


def check_shipments(found, wanted):
    """Return {PO number: {line: pieces}}; parcels have valid SSCCs, no two the same, loops hang together."""
    marks, sent = [], {}
    for one in found:
        assert [row[2] for row in rows(one, "HL")][:3] == ["S", "O", "P"]
        assert rows(one, "CTT")[0][0] == str(len(rows(one, "HL")))
        marks += [row[1] for row in rows(one, "MAN") if row[0] == "GM"]
        pieces = Counter()
        for row in rows(one, "SN1"):
            pieces[row[0]] += int(row[1])
        sent[rows(one, "PRF")[0][0]] = pieces
    assert len(marks) == len(set(marks)) == len(found)
    for mark in marks:
        assert (mark[:2], len(mark), mark[3:10]) == ("00", 20, "4012345")
        assert ean.calc_check_digit(mark[2:-1]) == mark[-1]
    ordered = {
        number: Counter({str(n): pieces for n, (_, pieces, _) in enumerate(lines, start=1)})
        for number, lines in wanted.items()
    }
    ordered["SHORT"]["2"] -= 4
    assert sent == ordered
    return sent


def check_invoices(found, wanted, sent):
    """What is owed is pieces × price, what is off or on, and the tax; and what our own orders say."""
    gross = {}
    for one in found:
        [big] = rows(one, "BIG")
        lines = rows(one, "IT1")
        assert Counter({row[0]: int(row[1]) for row in lines}) == sent[big[3]]
        net = sum((int(row[1]) * Decimal(row[3]) for row in lines), Decimal(0))
        net += sum((-1 if row[0] == "A" else 1) * Decimal(row[4]) / 100 for row in rows(one, "SAC"))
        tax = sum(Decimal(row[1]) for row in rows(one, "TXI"))
        gross[big[3]] = Decimal(rows(one, "TDS")[0][0]) / 100
        assert abs(net + tax - gross[big[3]]) < Decimal("0.02"), one
    owed = {order.external_id: order.gross for order in Order.objects.exclude(external_id="SHORT")}
    assert {number: gross[number] for number in owed} == owed
    for number, amount in owed.items():
        assert abs(amount / Decimal("1.0825") - goods(wanted[number])) < Decimal("0.03")


@pytest.mark.filterwarnings("ignore:segments.xml not found")
def test_a_desadv_says_each_parcel_and_its_goods():
    partner = make_partner(syntax="D96A", our_id="4098765000005", their_id="4012345000009", currency="EUR")
    _, [cup, mug] = make_shelf(30, 30)
    body = edifact_orders("B-9", ("4000000000006", 4, "1.25"), ("4000000000013", 2, "10"))
    body = body.replace(b"SKU-1:SA", cup.code.encode() + b":SA").replace(b"SKU-2:SA", mug.code.encode() + b":SA")
    leave(partner, "b.edi", body)
    take_up(partner)
    ship_everything(partner)
    [path] = outbox(partner)
    interchange = Interchange.from_str(path.read_bytes().decode("latin-1"))
    [message] = interchange.get_messages()
    assert (message.type, interchange.control_reference) == ("DESADV", "1")
    found = [(segment.tag, segment.elements) for segment in message.segments]
    assert [one[0] for tag, one in found if tag == "CPS"] == ["1", "2"]
    sscc = next(one[1] for tag, one in found if tag == "GIN")
    assert (len(sscc), ean.calc_check_digit(sscc[:-1])) == (18, sscc[-1])
    assert [one[2] for tag, one in found if tag == "LIN"] == [["4000000000006", "EN"], ["4000000000013", "EN"]]
    assert [one[0] for tag, one in found if tag == "QTY"] == [["12", "4", "PCE"], ["12", "2", "PCE"]]
    assert [one[0] for tag, one in found if tag == "RFF"][:2] == [["ON", "B-9"], ["ON", "B-9", "1"]]


def test_a_kit_is_told_as_it_was_ordered_and_a_consumer_that_runs_twice_takes_no_second_number():
    partner, (_, [sku, box]) = make_partner(), make_shelf(30, 30)
    kit = make_sku(code="KIT", kind="kit")
    for part, pieces in ((sku, 2), (box, 1)):
        KitComponent.objects.create(kit=kit, component=part, quantity=pieces)
    send_in(partner, {"PO1": [("KIT", 3, "1.00"), (sku.code, 2, "1.00")]})
    ship_everything(partner)
    read = {one.kind: one for one in map(reread, outbox(partner))}
    assert [row[:2] for row in rows(read["856"], "SN1")] == [["1", "3"], ["2", "2"]]
    assert [row[:2] for row in rows(read["810"], "IT1")] == [["1", "3"], ["2", "2"]]
    assert [row[:2] for row in rows(read["855"], "ACK")] == [["IA", "3"], ["IA", "2"]]
    before = [(path.name, path.read_bytes()) for path in outbox(partner)]
    order = Order.objects.get()
    _run_again(order)
    take_up(partner)
    assert [(path.name, path.read_bytes()) for path in outbox(partner)] == before
    assert partner.next_number == len(before) + 1


def test_a_kit_is_in_the_parcel_that_completes_it():
    partner, (_, [sku, box]) = make_partner(), make_shelf(30, 30)
    kit = make_sku(code="KIT", kind="kit")
    for part, pieces in ((sku, 2), (box, 1)):
        KitComponent.objects.create(kit=kit, component=part, quantity=pieces)
    send_in(partner, {"PO1": [("KIT", 2, "1.00")]})
    order = Order.objects.get()
    lines = dict(work_of(order).lines.values_list("sku", "pk"))
    parcels = [{sku.pk: 1, box.pk: 1}, {sku.pk: 2}]
    sent = [ParcelIn({lines[pk]: n for pk, n in pieces.items()}, tracking_number="T") for pieces in parcels]
    ship_reported(work_of(order).pk, sent, actor=ACTOR)
    rest = order.fulfilment_orders.latest("pk")
    ship_reported(rest.pk, [ParcelIn({line.pk: line.wanted for line in rest.lines.all()})], actor=ACTOR)
    take_up(partner)
    advices = [one for one in map(reread, outbox(partner)) if one.kind == "856"]
    assert [[row[:2] for row in rows(one, "SN1")] for one in advices] == [[["1", "1"]], [["1", "1"]]]


def test_the_days_of_a_shipment_are_those_of_its_place():
    partner, (_, [sku]) = make_partner(), make_shelf(9, location=make_location(tz="America/Los_Angeles"))
    send_in(partner, {"PO1": [(sku.code, 2, "1.00")]})
    ship(packed(Order.objects.get()).fulfilment_order_id, actor=ACTOR)
    evening = datetime(2026, 12, 2, 1, 30, tzinfo=UTC)
    Parcel.objects.update(shipped_at=evening)
    Order.objects.update(promised_current=evening)
    take_up(partner)
    [advice] = [one for one in map(reread, outbox(partner)) if one.kind == "856"]
    assert {row[0]: row[1] for row in rows(advice, "DTM")} == {"011": "20261201", "017": "20261201"}


def _run_again(order):
    answer_purchase(order.pk)
    send_invoice(order.invoices.get().pk)
    advise(work_of(order).pk)
