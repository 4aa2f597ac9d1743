import os

import pytest

from oms.outbox.models import Delivery
from orders.models import ChannelDocument, EdiDocument, EdiInterchange, Order
from orders.services import take_up_files
from tests.make import make_sku
from tests.orders.channels.edi.make import orders, po, po1, x12
from tests.orders.channels.edi.partner import FILES, folder, leave, make_partner, outbox, reread, rows, take_up

pytestmark = pytest.mark.django_db


def names(partner, *below):
    return sorted(path.name for path in folder(partner, *below).iterdir() if path.is_file())


def test_a_file_becomes_orders_and_is_put_away():
    partner, sku = make_partner(), make_sku(50, code="MUG")
    leave(partner, "a.edi", x12(po("4711", ("MUG", 12, "9.50")), po("4712", ("MUG", 3, "9.50"))))
    take_up(partner)
    assert [(order.external_id, order.net, order.by_edi) for order in Order.objects.order_by("pk")] == [
        ("4711", 114, True),
        ("4712", 28.5, True),
    ]
    assert Order.objects.first().lines.get().sku == sku
    assert (names(partner), names(partner, "done")) == ([], ["a.edi"])
    row = EdiInterchange.objects.get()
    assert (row.number, row.status, row.transactions, row.document.status) == ("1", "taken", 2, "done")
    assert row.moved_at
    assert (partner.looked_at is None, partner.error) == (False, "")


def test_what_was_read_is_acknowledged_with_segment_and_element():
    partner = make_partner()
    leave(partner, "a.edi", x12(po("1", ("MUG", 1, "1")), po("2", po1(1, "MUG", "x", "1")), control=41))
    take_up(partner, *FILES)
    read = reread(outbox(partner)[0])
    assert (read.kind, rows(read, "AK1"), rows(read, "AK5")) == ("997", [["PO", "41"]], [["A"], ["R", "5"]])
    assert (rows(read, "AK3"), rows(read, "AK4")) == ([["PO1", "9", "", "8"]], [["2", "", "7"]])
    assert rows(read, "AK9") == [["P", "2", "2", "1"]]


def test_a_file_that_is_being_written_is_left_alone():
    partner, body = make_partner(), x12(po("1", ("MUG", 1, "1")))
    leave(partner, "half.edi", body[:-30])
    leave(partner, "a.edi.tmp", body)
    leave(partner, ".hidden.edi", body)
    os.symlink("/etc/hostname", folder(partner) / "link.edi")
    take_up(partner, *FILES)
    assert not EdiInterchange.objects.exists()
    leave(partner, "half.edi", body[:-30], age_s=3600)
    take_up(partner, *FILES)
    row = EdiInterchange.objects.get()
    assert (row.status, "has no end" in row.reason, names(partner, "refused")) == ("refused", True, ["half.edi"])
    assert not ChannelDocument.objects.exists()


def test_an_interchange_is_taken_once():
    partner = make_partner()
    body = x12(po("1", ("MUG", 1, "1")), control=7)
    leave(partner, "a.edi", body)
    take_up(partner, *FILES)
    leave(partner, "a.edi", body)
    leave(partner, "b.edi", x12(po("2", ("MUG", 1, "1")), control=7))
    take_up(partner, *FILES)
    assert ChannelDocument.objects.count() == 1
    again = EdiInterchange.objects.filter(status="refused").order_by("file_name")
    assert ["Interchange 7 came on" in row.reason for row in again] == [True, True]
    assert (names(partner, "done"), names(partner, "refused")) == (["a.edi"], ["a.edi", "b.edi"])
    assert EdiDocument.objects.count() == 1


def test_a_worker_that_dies_before_the_move_does_it_once(monkeypatch):
    partner = make_partner()
    leave(partner, "a.edi", x12(po("1", ("MUG", 1, "1"))))
    with monkeypatch.context() as dying:
        dying.setattr(take_up_files, "_move", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_up_files.take_up(partner.connection_id)
    assert (names(partner), EdiInterchange.objects.get().moved_at) == (["a.edi"], None)
    take_up(partner, *FILES)
    assert (names(partner), names(partner, "done")) == ([], ["a.edi"])
    assert (ChannelDocument.objects.count(), EdiInterchange.objects.count(), EdiDocument.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        ("ISA06 is 'STRANGE', and 'BUYER' was agreed", b"*ZZ*BUYER  ", b"*ZZ*STRANGE"),
        ("ISA08 is 'OTHERS', and 'SELLER' was agreed", b"*ZZ*SELLER", b"*ZZ*OTHERS"),
        ("IEA01 in segment", b"IEA*1", b"IEA*2"),
        ("begins no interchange", b"ISA", b"XSA"),
    ],
)
def test_what_is_not_for_us_is_refused_as_a_whole(said, old, new):
    partner = make_partner()
    leave(partner, "a.edi", x12(po("1", ("MUG", 1, "1"))).replace(old, new), age_s=3600)
    take_up(partner, *FILES)
    row = EdiInterchange.objects.get()
    assert (row.status, said in row.reason) == ("refused", True), row.reason
    assert not ChannelDocument.objects.exists()
    assert not outbox(partner)


def test_a_shadow_lists_and_tells_the_partner_nothing():
    partner = make_partner(is_shadow=True)
    make_sku(5, code="MUG")
    leave(partner, "a.edi", x12(po("1", ("MUG", 1, "1"))))
    take_up(partner)
    assert "would be taken" in ChannelDocument.objects.get().reason
    assert not Order.objects.exists()
    assert not outbox(partner)


def test_a_folder_that_cannot_be_used_is_said_at_the_partner():
    partner = make_partner()
    path = folder(partner)
    path.rmdir()
    path.write_text("a file")
    take_up(partner, *FILES)
    assert "exists" in partner.error.lower()


def test_an_inbox_is_looked_into_by_one_at_a_time():
    make_partner()
    take_up_files.take_up_due()
    take_up_files.take_up_due()
    assert Delivery.objects.pending().filter(consumer="orders.tasks.take_up_inbox").count() == 1


def test_an_edifact_file_becomes_an_order():
    partner = make_partner(syntax="D96A", our_id="4098765000005", their_id="4012345000009", currency="EUR")
    make_sku(50, code="SKU-1")
    leave(partner, "b.edi", orders("B-9", ("4000000000006", 24, "1.25")))
    take_up(partner)
    order = Order.objects.get()
    assert (order.external_id, order.net, order.ship_to["city"], order.currency) == ("B-9", 30, "Köln", "EUR")
    assert not outbox(partner)
