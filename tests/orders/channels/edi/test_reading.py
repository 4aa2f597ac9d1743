import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.channels.base import IncomingCancellation, IncomingOrder, Other, Refused
from orders.channels.edi.envelope import interchanges, is_whole
from orders.channels.edi.reader import purchase_of
from orders.channels.registry import read_payload
from tests.orders.channels.edi.make import orders, po, po1, x12

TWO = (("MUG", 12, "9.50"), ("CUP", 3, "4"))


def read(body):
    return read_payload("edi", body)


def only(body):
    found = read(body)
    assert len(found) == 1
    return found[0]


def reason(body):
    found = only(body)
    assert isinstance(found, Refused), found
    return found.reason


def test_an_850_is_an_order_to_the_cent():
    found = only(x12(po("4711", *TWO, before=["SAC*C*D240***1250", "SAC*A*C310***0200"], after=["AMT*TT*136.50"])))
    assert isinstance(found, IncomingOrder)
    assert (found.external_id, found.currency, found.line_count, found.is_net) == ("4711", "USD", 2, True)
    assert (found.total, found.shipping, found.discount) == (Decimal("136.50"), Decimal("12.50"), Decimal("2.00"))
    assert [(line.external_id, line.sku, line.quantity) for line in found.lines] == [("1", "MUG", 12), ("2", "CUP", 3)]
    assert found.ship_to.as_dict() == {
        "name": "Store 7",
        "company": "Attn: Receiving",
        "line1": "120 Main St",
        "line2": "Dock 4",
        "city": "Springfield",
        "region": "IL",
        "postcode": "62701",
        "country": "US",
    }
    assert found.note == "Deliver on 2026-12-05."


@pytest.mark.parametrize(
    "signs", [{"element": "|"}, {"segment": "\n"}, {"segment": "\r\n"[:1], "element": "^"}, {"component": ":"}]
)
def test_any_delimiters(signs):
    assert only(x12(po("4711", *TWO), **signs)) == only(x12(po("4711", *TWO)))


def test_segments_on_lines_of_their_own_and_an_isa_that_is_not_padded():
    body = x12(po("4711", *TWO))
    assert only(body.replace(b"~", b"~\r\n")) == only(body)
    assert only(body.replace(b"BUYER          *", b"BUYER*").replace(b"*          *", b"**")) == only(body)


def test_several_transactions_and_interchanges_in_a_file():
    body = x12(po("1", *TWO), po("2", *TWO)) + b"\r\n" + x12(po("3", *TWO), control=2, element="|")
    assert [one.external_id for one in read(body)] == ["1", "2", "3"]
    assert purchase_of(body, 2).line("2").ids == (("VN", "CUP"), ("BP", "B-CUP"))


def test_discounts_and_charges_of_a_line():
    found = only(x12(po("1", ("MUG", 10, "9.50"), "PID*F****Red mug", "SAC*A*C310***0500", "SAC*C*D500***0100")))
    assert (found.lines[0].name, found.lines[0].discount, found.total) == ("Red mug", Decimal(4), Decimal(91))


def test_a_price_may_be_per_hundred_and_a_unit_be_left_out():
    found = purchase_of(x12(po("1", "PO1*1*50**190*HP*VN*MUG")), 0)
    assert (found.total, found.lines[0].unit) == (Decimal(95), "EA")


def test_a_cancellation_a_test_and_what_is_no_order():
    assert isinstance(only(x12(po("1", purpose="01", counts=False))), IncomingCancellation)
    assert only(x12(po("1", *TWO), usage="T")).is_test
    ack = x12(["AK1*PO*1", "AK9*A*1*1*1"], kind="997", code="FA")
    assert isinstance(only(ack), Other)
    assert "'860' is not read here" in reason(x12(["BCH*01*SA*1***20261128"], kind="860", code="PC"))


BAD = {
    "BEG03 in segment 4 is missing": ("BEG*00*SA*4711*", "BEG*00*SA**"),
    "BEG05 in segment 4 '20261399' is no date": ("**20261128~CUR", "**20261399~CUR"),
    "CUR02 in segment 5 'DOLLAR' is no currency": ("*USD~", "*DOLLAR~"),
    "PO102 in segment 11 'twelve' is no number": ("PO1*1*12*", "PO1*1*twelve*"),
    "PO102 in segment 11 is missing": ("PO1*1*12*", "PO1*1**"),
    "PO107 in segment 11 is missing": ("**BP*B-MUG*VN*MUG", ""),
    "PO101 in segment 12 '1' is a line's number already": ("PO1*2*3", "PO1*1*3"),
    "CTT01 in segment 12 says '2' lines, there are 1": ("PO1*2*3*EA*4**BP*B-CUP*VN*CUP~", ""),
    "BEG01 in segment 4 '99' is not done here": ("BEG*00", "BEG*99"),
    "BEG is missing": ("BEG*", "BGX*"),
    "SE01 in segment 14 says '13' segments, there are 12": ("SE*12*", "SE*13*"),
    "SE02 in segment 14 is '0009', its begin says '0001'": ("*0001~GE", "*0009~GE"),
    "GE01 in segment 15 says '2' transactions, there are 1": ("GE*1*1", "GE*2*1"),
    "GE02 in segment 15 is '7', its begin says '1'": ("GE*1*1", "GE*1*7"),
    "IEA01 in segment 16 says '2', there are 1": ("IEA*1*", "IEA*2*"),
    "IEA02 in segment 16 is '000000009', its begin says '000000001'": ("*000000001~", "*000000009~"),
    "The interchange 000000001 has no end": ("IEA*1*000000001~", ""),
    "The transaction 850 0001 has no end before GE": ("SE*12*0001~", ""),
    "AMT02 says 10": ("CTT*2~", "CTT*2~AMT*TT*10~"),
    "ISA12 is '000000001', which is no version": ("ISA*00*", "ISA*"),
    "begins no interchange": ("ISA*00", "XSA*00"),
    "stands outside of any transaction": ("ST*850*0001~", ""),
    "The delimiters": ("*P*>~", "*P*0~"),
}


@pytest.mark.parametrize("said", BAD)
def test_what_is_wrong_is_named_by_segment_and_element(said):
    old, new = BAD[said]
    body = x12(po("4711", *TWO)).decode()
    assert old in body
    assert said in reason(
        (body[:-30] + body[-30:].replace(old, new) if "IEA02" in said else body.replace(old, new)).encode()
    )


def test_one_bad_transaction_leaves_the_others_be():
    good, bad = read(x12(po("1", *TWO), po("2", po1(1, "MUG", "x", "1"))))
    assert isinstance(good, IncomingOrder)
    assert (bad.read.external_id, "PO102" in bad.reason) == ("2", True)


def test_an_edifact_order_is_an_order_to_the_cent():
    found = only(orders("B-9", ("4000000000006", 24, "1.25"), ("4000000000013", 2, "10")))
    assert (found.external_id, found.currency, found.total) == ("B-9", "EUR", Decimal("50.00"))
    assert [(line.sku, line.name, line.quantity) for line in found.lines] == [
        ("SKU-1", "Tasse 1", 24),
        ("SKU-2", "Tasse 2", 2),
    ]
    assert (found.ship_to.name, found.ship_to.company, found.ship_to.city) == ("Haus", "Filiale 3", "Köln")
    assert (found.bill_to.name, found.email) == ("Haus & Hof GmbH", "einkauf@haus.example")
    assert purchase_of(orders("B-9", ("4000000000006", 24, "1.25")), 0).lines[0].ids == (
        ("SA", "SKU-1"),
        ("EN", "4000000000006"),
    )


def test_edifact_releases_commas_and_no_una():
    body = orders("B-9", ("4000000000006", 24, "1,25")).replace(b"Tasse 1", b"5??+2 cl ?'klein?'")
    assert (only(body).lines[0].name, only(body).total) == ("5?", Decimal("30.00"))
    body = orders("B-9", ("4000000000006", 24, "1.25")).replace(b"Tasse 1", b"5?+2 cl ?'klein?'")
    assert only(body).lines[0].name == "5+2 cl 'klein'"
    assert only(body.removeprefix(b"UNA:+.? '")) == only(body)
    blank = orders("B-9", ("4000000000006", 1, "1")).replace(b"UNA:+.? '", b"UNA:+.  '").replace(b"?&", b"&")
    assert only(blank).lines[0].name == "Tasse 1"


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        ("QTY01.2 in segment 14 'viele' is no number", b"QTY+21:24", b"QTY+21:viele"),
        ("CNT01.2 in segment 18 says '1' lines, there are 2", b"CNT+2:1", b"LIN+2++4:EN'CNT+2:1"),
        ("UNT01 in segment 18 says '19' segments, there are 17", b"UNT+17", b"UNT+19"),
        ("UNZ02 in segment 19 is '78'", b"UNZ+1+77", b"UNZ+1+78"),
        ("UNZ01 in segment 19 says '2', there are 1", b"UNZ+1+77", b"UNZ+2+77"),
        ("BGM03 in segment 3 '99' is not done here", b"+B-9+9", b"+B-9+99"),
        ("LIN 1 says not what is ordered", b"LIN+1++4000000000006:EN'\nPIA+1+SKU-1:SA", b"LIN+1'\nPIA+1"),
    ],
)
def test_what_is_wrong_with_edifact_is_named_too(said, old, new):
    body = orders("B-9", ("4000000000006", 24, "1.25"))
    assert isinstance(only(body), IncomingOrder), only(body)
    assert old in body
    assert said in reason(body.replace(old, new))


def test_a_file_that_somebody_still_writes_is_told():
    body = x12(po("1", *TWO))
    assert is_whole(body)
    assert not any(is_whole(body[:end]) for end in range(0, len(body) - 10, 40))
    assert [one.control for one in interchanges(body)] == ["000000001"]


def test_the_command_says_what_a_file_becomes(tmp_path, capsys):
    path = tmp_path / "day.edi"
    path.write_bytes(x12(po("4711", *TWO), po("4712", po1(1, "MUG", "x", "1"))))
    call_command("channel_payload", "edi", str(path), "--json")
    good, bad = json.loads(capsys.readouterr().out)
    assert (good["document"], good["external_id"], good["total"], good["line_count"]) == ("order", "4711", "126.00", 2)
    assert (good["refused"], good["name"]) == (None, "Store 7")
    assert "PO102 in segment" in bad["refused"]


@settings(max_examples=40)
@given(st.binary(max_size=80), st.integers(0, 600))
def test_nonsense_is_refused_and_never_raises(junk, at):
    for body in (x12(po("1", *TWO)), orders("1", ("4000000000006", 1, "1"))):
        assert read(body[:at] + junk + body[at:])
