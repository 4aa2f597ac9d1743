from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfilment.documents import packing_slip, pick_list, shipping_label
from fulfilment.services import label, pack
from fulfilment.services.ship import ship
from inventory.models import KitComponent, SkuBarcode
from oms.papers.models import Document
from orders.models import Note, Order
from orders.services.note import write_note
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_bin, make_shelf, packed, picked, released, work_of
from tests.fulfilment.paper import barcodes_of, height_of, size_of, text_of, words_outside
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.papers, pytest.mark.django_db]


def test_pick_list_shows_the_walk_and_reads_back():
    location = make_location(name="Berlin")
    cup, pot = make_sku(code="CUP-1001", name="A cup" * 20), make_sku(code="POT-7", is_fragile=True, weight_g=9000)
    SkuBarcode.objects.create(sku=cup, code="CASE", pieces=6)
    make_bin(location, "A-10", sku=cup, quantity=20, aisle="A", zone="North")
    make_bin(location, "A-2", sku=pot, quantity=20, aisle="A", zone="North")
    walk = released(confirmed((cup, 12), (pot, 2)))
    walk.fulfilment_orders.update(ship_by=datetime(2026, 1, 9, 23, 30, tzinfo=UTC))

    pdf = pick_list.render(walk.pk)
    [page] = text_of(pdf)
    assert size_of(pdf) == (210, 297)
    assert words_outside(pdf) == 0
    assert page.index("A-2") < page.index("A-10")
    run_on = " ".join(page.split())  # where a cell breaks its line is the font's affair
    for words in ("2 × case of 6", "HEAVY FRAGILE", "Aisle A", "zone North", "page 1/1", "CUP-1001", "A cupA cup"):
        assert words in run_on
    assert "00:30 Sat 10 Jan" in run_on, "the cut-off is told by the clock of the place"
    assert "Unter den Linden" not in page
    assert "9.50" not in page
    assert "REPRINT" not in page
    assert barcodes_of(pdf) == [("]C0", str(walk))]
    assert "REPRINT 2" in text_of(pick_list.render(walk.pk, reprint=2))[0]


def test_a_row_is_never_higher_than_the_boxes_drawn_under_it():
    location = make_location()
    worst = {"name": "EXTRAORDINARILY WATERPROOF GARDEN FURNITURE CUSHIONS", "is_fragile": True, "is_hazmat": True}
    skus = [make_sku(), make_sku(code="GARDEN-FURNITURE-CUSHION-WATERPROOF-4001", weight_g=16_000, **worst), make_sku()]
    for sku, code in zip(skus, ("A-1", "WAREHOUSE-3-SHELF-12", "Z-1"), strict=True):
        make_bin(location, code, sku=sku, quantity=9)
    pdf = pick_list.render(released(confirmed(*((sku, 1) for sku in skus))).pk)
    assert height_of(pdf, "A-1") - height_of(pdf, "Z-1") == pytest.approx(2 * pick_list.ROW, abs=0.2)


def test_pick_list_says_what_pickers_shall_know_and_no_others_note():
    _, (cup, pot) = make_shelf(9, 9)
    orders = [confirmed((cup, 1)), confirmed((pot, 1))]
    write_note(orders[0].pk, "HE IS RUDE", audience=Note.Audience.CS)
    write_note(orders[1].pk, "TAKE THE BLUE ONES " * 12, audience=Note.Audience.PICK)
    walk = released(*orders)
    pdf = pick_list.render(walk.pk)
    [page] = text_of(pdf)
    run_on = " ".join(page.split())
    assert f"{orders[1]} (tote {work_of(orders[1]).tote}): TAKE THE BLUE ONES" in run_on
    assert run_on.count("TAKE THE BLUE ONES") == 12
    assert "RUDE" not in page
    assert words_outside(pdf) == 0
    assert height_of(pdf, "A-1") - height_of(pdf, "A-2") == pytest.approx(pick_list.ROW, abs=0.2)


def test_the_longest_notes_leave_room_for_the_walk():
    _, skus = make_shelf(*[9] * 12)
    order = confirmed(*((sku, 1) for sku in skus))
    for _ in range(2):
        write_note(order.pk, "W" * 1000, audience=Note.Audience.PICK)
    pages = text_of(pick_list.render(released(order).pk))
    assert len(pages) == 2
    assert "and more, on the pages of the orders" in pages[0]
    assert [number for number in range(1, 13) if f"A-{number}" not in "".join(pages)] == []


@given(
    st.lists(st.tuples(st.sampled_from(["", "A", "B"]), st.integers(1, 40)), max_size=6),
    st.integers(pick_list.ROW + pick_list.HEADING, pick_list.FIRST_PAGE),
)
def test_pages_hold_what_fits_and_lose_nothing(groups, first):
    rows = [{"aisle": aisle, "quantity": 1, "number": n} for aisle, count in groups for n in range(count)]
    pages = pick_list.cut(rows, first)
    assert [row for page in pages for row in page if "heading" not in row] == rows
    for number, page in enumerate(pages):
        height = sum(pick_list.HEADING if "heading" in row else pick_list.ROW for row in page)
        assert height <= (pick_list.NEXT_PAGE if number else first)
        if page and page[0].get("aisle"):
            pytest.fail("an aisle goes on without its heading")
        assert not page or "heading" not in page[-1]


def test_200_lines_print_on_11_pages():
    location = make_location()
    skus = [make_sku(code=f"SKU{n:04d}", name="A mug whose name is as long as that of most") for n in range(100)]
    for number, sku in enumerate(skus):
        make_bin(location, f"{'ABCDE'[number // 20]}-{number}", sku=sku, quantity=9, aisle="ABCDE"[number // 20])
    walk = released(*(confirmed(*((sku, 1) for sku in skus), external_id=f"big{n}") for n in range(2)))
    assert walk.tasks.count() == 200
    assert len(text_of(pick_list.render(walk.pk))) == 11


def test_packing_slip_tells_what_is_here_and_what_follows():
    _, (cup, pot, lid) = make_shelf(9, 9, 9, location=make_location(address={"country": "DE"}))
    kit = make_sku(kind="kit", name="Tea for two")
    KitComponent.objects.create(kit=kit, component=cup, quantity=2)
    KitComponent.objects.create(kit=kit, component=pot, quantity=1)
    order = confirmed((kit, 1), (lid, 3), gift_message="Happy birthday!", purchase_order="PO-9", locale="de-DE")
    picked(order)
    row = work_of(order)
    for sku in (cup, cup, pot, lid):
        parcel = pack.scan(row.pk, sku.code, actor=ACTOR).parcel
    pack.close_parcel(parcel.pk, actor=ACTOR)

    pdf = packing_slip.render(parcel.pk)
    [page] = text_of(pdf)
    for words in ("Lieferschein", "PO-9", "1 von 1", "Tea for two", "Happy birthday!", "Ann Miller", "10117 Berlin"):
        assert words in page
    assert f"1 3 2 {lid.code}" in " ".join(page.split()), "one here, three ordered, two to follow"
    assert "Was noch folgt" in page
    assert "9,50" not in page
    assert "DEUTSCHLAND" not in page, "it stays in the country"
    codes = dict(barcodes_of(pdf, dpi=300))
    assert codes["]C0"] == order.number
    assert codes["]Q1"].startswith("http://localhost:8000/o/")


def test_long_slip_goes_on_overleaf():
    rows = [{"n": n} for n in range(60)]
    pages = packing_slip.cut(rows)
    assert [len(page) for page in pages] == [11, 24, 24, 1]
    assert packing_slip.cut([]) == [[]]


def test_label_reads_back(settings):
    settings.GS1_PREFIX = "4012345"
    _, (cup,) = make_shelf(5)
    parcel = packed(confirmed((cup, 2)))
    label.buy(parcel.pk, tracking_number="JJD149990200012345678", actor=ACTOR)

    pdf = shipping_label.render(parcel.pk, reprint=1)
    [page] = text_of(pdf)
    assert size_of(pdf) == (100, 150)
    sscc = shipping_label.sscc(parcel.pk)
    assert sorted(barcodes_of(pdf)) == [("]C0", "JJD149990200012345678"), ("]C1", f"(00){sscc}")]
    for words in ("Ann Miller", "10117 DE", "1/1", "0.80 kg", f"{cup} × 2", "REPRINT 1"):
        assert words in page
    assert words_outside(pdf) == 0


@pytest.mark.parametrize("letter", ["W", "i", "Straße "])
def test_longest_address_never_clips(letter):
    _, (cup,) = make_shelf(5)
    parcel = packed(confirmed((cup, 1)))
    label.buy(parcel.pk, actor=ACTOR)
    long = (letter * 200)[:200].strip()
    fields = ("name", "company", "line1", "line2", "city", "region")
    address = dict.fromkeys(fields, long) | {"postcode": "1" * 20, "country": "DE"}
    Order.objects.filter(pk=parcel.order_id).update(ship_to=address)

    pdf = shipping_label.render(parcel.pk)
    printed = "".join("".join(text_of(pdf)).split())
    assert printed.count("".join(long.split())) == len(fields)
    assert words_outside(pdf) == 0
    assert ("]C0", parcel_number(parcel)) in barcodes_of(pdf)


def test_sscc_has_its_check_digit(settings):
    assert shipping_label.sscc(7) == ""
    settings.GS1_PREFIX = "0614141"
    assert shipping_label.sscc(123456789) == "006141411234567890"  # GS1's own example
    assert len(shipping_label.sscc(10**12)) == 18


def test_workers_make_the_papers():
    _, (cup,) = make_shelf(5)
    parcel = packed(confirmed((cup, 2)))
    label.buy(parcel.pk, actor=ACTOR)
    ship(work_of(parcel.order).pk, actor=ACTOR)
    deliver()
    made = Document.objects.filter(kind__in=["pick_list", "packing_slip", "shipping_label"])
    assert sorted(made.values_list("kind", "status")) == [
        ("packing_slip", "ready"),
        ("pick_list", "ready"),
        ("shipping_label", "ready"),
    ]


def parcel_number(parcel):
    parcel.refresh_from_db()
    return parcel.tracking_number
