"""Bad input at each door of the stock: a clear message, and not a row of the ledger is written."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Bin, Lot
from inventory.services import counts, draft_transfer, serials, stock
from oms.roles import LEAD
from tests.inventory.buying import make_sent
from tests.inventory.conftest import rows
from tests.make import make_location, make_sku, make_user

# What a refusal leaves behind is seen only where it has a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)
# (address, what is posted, what is said); names in braces are those of `world`.
REFUSALS = [
    # Receive
    ("receive/?code=NONE", None, "Nothing has the code NONE."),
    ("receive/", {"sku": "{mug}", "quantity": "-1"}, "greater than or equal to 1"),
    ("receive/", {"sku": "{mug}", "quantity": "0"}, "greater than or equal to 1"),
    ("receive/", {"sku": "{mug}", "quantity": "100000"}, "less than or equal to 99999"),
    ("receive/", {"sku": "{mug}", "quantity": "many"}, "Enter a whole number"),
    ("receive/", {"sku": "{mug}", "quantity": "1", "bin": "Z-9"}, "BER has no bin Z-9."),
    ("receive/", {"sku": "{mug}", "quantity": "1", "bin": "SHUT"}, "BER has no bin SHUT."),
    ("receive/", {"sku": "99999", "quantity": "1"}, "Scan the item again."),
    ("receive/", {"sku": "{kit}", "quantity": "1"}, "no pieces of it lie on a shelf"),
    ("receive/", {"sku": "{cup}", "quantity": "21", "reference": "{order}"}, "take at most 11"),
    ("receive/", {"sku": "{mug}", "quantity": "1", "reference": "{order}"}, "is not on purchase order"),
    ("receive/", {"sku": "{milk}", "quantity": "1"}, "scan the lot code, or type it"),
    ("receive/", {"sku": "{milk}", "quantity": "1", "lot": "NEW", "expires_on": "2020-01-31"}, "expired on 31.01.2020"),
    ("receive/", {"sku": "{milk}", "quantity": "1", "lot": "OLD"}, "expired on 01.01.2020"),
    ("receive/", {"sku": "{milk}", "quantity": "1", "lot": "BAD"}, "is blocked: glass"),
    ("receive/", {"sku": "{milk}", "quantity": "1", "lot": "L1", "expires_on": "2031-01-31"}, "by its first delivery"),
    ("receive/", {"sku": "{milk}", "quantity": "1", "lot": "L1", "expires_on": "31.31.31"}, "Enter a valid date"),
    ("receive/", {"sku": "{phone}", "quantity": "2", "serials": "S8"}, "1 of 2 so far"),
    ("receive/", {"sku": "{phone}", "quantity": "1", "serials": "s1"}, "known already: it lies in DOCK"),
    ("receive/", {"sku": "{phone}", "quantity": "2", "serials": "S8\ns8"}, "scanned twice"),
    ("receive/", {"sku": "{phone}", "quantity": "1", "serials": "GONE"}, "known already: it is scrapped"),
    # Learning a code
    ("receive/learn/", {"code": "X1", "item": "NONE", "pieces": "1"}, "Nothing has the code NONE."),
    ("receive/learn/", {"code": "MUG", "item": "CUP", "pieces": "1"}, "is the code of another SKU"),
    ("receive/learn/", {"code": "X1", "item": "CUP", "pieces": "0"}, "greater than or equal to 1"),
    # Put away
    ("put-away/?code=NONE", None, "Nothing has the code NONE."),
    ("put-away/", {"sku": "{mug}", "pieces": "1", "bin": " "}, "Scan a bin first."),
    ("put-away/", {"sku": "{mug}", "pieces": "11", "bin": "A-1"}, "Bin DOCK holds only 10 of MUG."),
    ("put-away/", {"sku": "{mug}", "pieces": "-1", "bin": "A-1"}, "Between 1 and"),
    ("put-away/", {"sku": "{mug}", "pieces": "x", "bin": "A-1"}, "Type how many pieces"),
    ("put-away/", {"sku": "{mug}", "pieces": "1", "bin": "DOCK"}, "DOCK is no shelf"),
    ("put-away/", {"sku": "{milk}", "pieces": "1", "bin": "A-1"}, "kept by lot: scan the lot"),
    (
        "put-away/",
        {"dock": "{dock}", "sku": "{phone}", "pieces": "1", "bin": "A-1", "serials": "S9"},
        "Serial S9 of PHONE is not known",
    ),
    # Move
    ("move/?code=NONE", None, "Nothing has the code NONE."),
    ("move/", {"sku": "{mug}", "source": "{dock}", "quantity": "11", "bin": "A-1"}, "holds only 10 of MUG"),
    ("move/", {"sku": "{mug}", "source": "{dock}", "quantity": "-1", "bin": "A-1"}, "greater than or equal to 1"),
    ("move/", {"sku": "{mug}", "source": "{dock}", "quantity": "1", "bin": "DOCK"}, "They lie in DOCK already."),
    ("move/", {"sku": "{mug}", "source": "{dock}", "quantity": "1", "bin": "P-1"}, "BER has no bin P-1."),
    ("move/", {"sku": "{mug}", "source": "{paris_bin}", "quantity": "1", "bin": "A-1"}, "Select a valid choice"),
    ("move/", {"sku": "{milk}", "source": "{dock}", "quantity": "1", "bin": "A-1"}, "scan the lot, or type it"),
    ("move/", {"sku": "{milk}", "source": "{dock}", "quantity": "1", "bin": "A-1", "lot": "X"}, "MILK has no lot X"),
    (
        "move/",
        {"sku": "{milk}", "source": "{dock}", "quantity": "1", "bin": "A-1", "lot": "OLD"},
        "does not lie in DOCK",
    ),
    ("move/", {"sku": "{milk}", "source": "{dock}", "quantity": "5", "bin": "A-1", "lot": "L1"}, "holds only 4"),
    ("move/", {"sku": "{phone}", "source": "{dock}", "quantity": "1", "bin": "A-1"}, "0 of 1 so far"),
    (
        "move/",
        {"sku": "{phone}", "source": "{dock}", "quantity": "2", "bin": "A-1", "serials": "S1\ns1"},
        "Serial S1 was scanned twice.",
    ),
    (
        "move/",
        {"sku": "{phone}", "source": "{dock}", "quantity": "1", "bin": "A-1", "serials": "GONE"},
        "Serial GONE of PHONE is scrapped.",
    ),
    # Adjust
    ("adjust/?code=NONE", None, "Nothing has the code NONE."),
    ("adjust/", {"sku": "{mug}", "change": "-11", "reason": "lost"}, "Only 10 pieces of MUG lie on the shelves"),
    ("adjust/", {"sku": "{mug}", "change": "0", "reason": "lost"}, "Nothing would change."),
    ("adjust/", {"sku": "{mug}", "change": "1", "reason": "magic"}, "Select a valid choice"),
    (
        "adjust/",
        {"sku": "{mug}", "change": "-11", "reason": "lost", "where": "{dock}"},
        "BER has not so many pieces of MUG.",
    ),
    ("adjust/", {"sku": "{mug}", "change": "-1", "reason": "lost", "where": "{shelf}"}, "Bin A-1 holds none of MUG."),
    ("adjust/", {"sku": "{mug}", "change": "-1", "reason": "lost", "where": "{paris_bin}"}, "Select a valid choice"),
    ("adjust/", {"sku": "{milk}", "change": "-1", "reason": "lost"}, "say in which bin"),
    ("adjust/", {"sku": "{milk}", "change": "1", "reason": "found", "where": "{dock}"}, "scan the lot, or type it"),
    ("adjust/", {"sku": "{milk}", "change": "1", "reason": "found", "where": "{dock}", "lot": "X"}, "has no lot X"),
    ("adjust/", {"sku": "{phone}", "change": "-1", "reason": "lost", "where": "{dock}"}, "0 of 1 so far"),
    (
        "adjust/",
        {"sku": "{phone}", "change": "1", "reason": "found", "where": "{dock}", "serials": "S1"},
        "was never lost: it lies in DOCK",
    ),
    # Quarantine
    ("item/quarantine/", {"sku": "{mug}", "quantity": "11", "what": "put"}, "BER has not so many pieces of MUG."),
    ("item/quarantine/", {"sku": "{mug}", "quantity": "1", "what": "clear"}, "has not so many pieces"),
    ("item/quarantine/", {"sku": "{mug}", "quantity": "-1", "what": "put"}, "greater than or equal to 1"),
    ("item/quarantine/", {"sku": "{milk}", "quantity": "1", "what": "put"}, "scan the lot, or type it"),
    ("item/quarantine/", {"sku": "{phone}", "quantity": "1", "what": "scrap", "serials": "S1"}, "not known to lie in"),
    # Count
    ("counts/", {"bin": "Z-9"}, "BER has no bin Z-9."),
    ("counts/{count}/", {"sku": "{mug}", "pieces": "-1"}, "Between 0 and"),
    ("counts/{count}/", {"sku": "{mug}", "pieces": "x"}, "Type how many pieces"),
    ("counts/{count}/", {"code": " "}, "Scan an item first."),
    ("counts/{count}/", {"code": "NONE"}, "Nothing has the code NONE."),
    ("counts/{count}/", {"code": "KIT"}, "no pieces of it lie on a shelf"),
    # Transfers at the door
    ("transfers/?code=T99", None, "T99 is no transfer from or to BER."),
    ("transfers/{transfer}/", {"code": ""}, "Scan an item first."),
    ("transfers/{transfer}/", {"code": "CUP"}, "is not on T"),
    ("transfers/{transfer}/", {"sku": "{mug}", "pieces": "7"}, "takes 6 of MUG"),
    ("transfers/{transfer}/", {"sku": "{mug}", "pieces": "-1"}, "Between 0 and"),
    ("transfers/{transfer}/done/", {"do": "all"}, "Nothing would leave with"),
    # In the console
    ("/admin/inventory/transfer/new/", {"source": "{berlin}", "target": "{berlin}"}, "The goods are at BER already"),
    ("/admin/inventory/stocklevel/{level}/unavailable/", {"pieces": "11", "reason": "damaged"}, "BER has not so many"),
    ("/admin/inventory/stocklevel/{level}/safety/", {"safety": "-1"}, "greater than or equal to 0"),
    ("/admin/inventory/lots/{lot}/block/", {"reason": " "}, "This field is required"),
]


@pytest.fixture
def world(berlin, mug):
    """What the table's braces stand for: goods without, with lots and with serials, an order, a count, a transfer."""
    paris, today = make_location("PAR"), timezone.localdate()
    dock = stock.system_bin(berlin, Bin.Kind.DOCK)
    shelf = Bin.objects.create(location=berlin, code="A-1")
    Bin.objects.create(location=berlin, code="SHUT", is_active=False)
    milk, phone = make_sku(code="MILK", tracking="lot"), make_sku(code="PHONE", tracking="serial")
    days = {"L1": today + timedelta(30), "L2": today + timedelta(60)}
    lots = [Lot.objects.create(sku=milk, code=code, expires_on=day) for code, day in days.items()]
    for lot in lots:
        stock.receive(milk, berlin, 4, lot=lot)
    Lot.objects.create(sku=milk, code="OLD", expires_on=date(2020, 1, 1))
    Lot.objects.create(sku=milk, code="BAD", blocked_at=timezone.now(), block_reason="glass")
    numbers = serials.new(phone, ["GONE", "S1", "S2", "S3"])
    stock.receive(phone, berlin, 4, serials=numbers)
    stock.adjust(phone, berlin, -1, reason="lost", bin=dock, serials=numbers[:1])
    order = make_sent(10, location=berlin)
    cup = order.lines.get().sku
    type(cup).objects.filter(pk=cup.pk).update(code="CUP")
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines={mug: 6}).pk)
    return {
        "mug": mug.pk,
        "milk": milk.pk,
        "phone": phone.pk,
        "cup": cup.pk,
        "kit": make_sku(code="KIT", kind="kit").pk,
        "dock": dock.pk,
        "shelf": shelf.pk,
        "paris_bin": Bin.objects.create(location=paris, code="P-1").pk,
        "berlin": berlin.pk,
        "order": order.number,
        "count": counts.open_count(berlin).pk,
        "transfer": transfer.pk,
        "level": mug.levels.get().pk,
        "lot": lots[0].pk,
    }


@pytest.fixture
def lead(client, berlin):
    client.force_login(make_user(LEAD))
    client.post("/stock/place/", {"place": berlin.pk})
    return client


def test_each_is_said_and_nothing_is_booked(lead, world, texts):
    before, wrong = rows(), []
    for address, fields, words in REFUSALS:
        answer = send(lead, address.format(**world), fields, world)
        said = " ".join([*texts(answer), answer.content.decode()]).replace("&#x27;", "'")
        if words not in said or rows() != before:
            wrong.append((address, fields, "was booked" if rows() != before else "was not said"))
    assert wrong == []


def send(client, address, fields, world):
    """GET the address, or POST `fields` there as a person would who is sure."""
    address = address if address.startswith("/") else f"/stock/{address}"
    if fields is None:
        return client.get(address)
    sent = {name: str(value).format(**world) for name, value in fields.items()}
    return client.post(address, {"token": uuid4(), "is_sure": "on", "dock": world["dock"]} | sent)


API_REFUSALS = [
    ({"sku": "none"}, 404, "There is no such SKU."),
    ({"location": "BER"}, 404, "There is no such location of yours."),
    ({"delta": 0}, 422, "Not 0"),
    ({"delta": -11}, 422, "Only 10 pieces of MUG"),
    ({"delta": "x"}, 400, "valid integer"),
    ({"reason": "magic"}, 400, "not a valid choice"),
    ({"bin": "Z-9"}, 404, "There is no such bin"),
    ({"colour": "red"}, 400, "colour"),
    ({"sku": "milk"}, 422, "say in which bin"),
    ({"sku": "milk", "bin": "dock", "lot": "X"}, 422, "has no lot X"),
    ({"sku": "milk", "bin": "dock", "delta": 1}, 422, "scan the lot, or type it"),
    ({"sku": "phone", "bin": "dock", "serials": ["S9"]}, 422, "Serial S9 of PHONE is not known"),
]


def test_a_partner_is_told_too(call_as, make_partner):
    acme = make_partner("ACME")
    depot, client = make_location("DEPOT", kind="3pl", partner=acme), call_as(acme)
    make_sku(10, depot, code="MUG")
    milk, phone = make_sku(code="MILK", tracking="lot"), make_sku(code="PHONE", tracking="serial")
    for code in ("L1", "L2"):
        stock.receive(milk, depot, 2, lot=Lot.objects.create(sku=milk, code=code))
    stock.receive(phone, depot, 2, serials=serials.new(phone, ["S1", "S2"]))
    before, wrong = rows(), []
    for fields, status, words in API_REFUSALS:
        body = {"sku": "mug", "location": "depot", "delta": -1, "reason": "lost"} | fields
        answer = client.post("/api/v1/stock-adjustments", body)
        if answer.status_code != status or words not in answer.content.decode() or rows() != before:
            wrong.append((fields, answer.status_code, answer.content.decode()))
    assert wrong == []
