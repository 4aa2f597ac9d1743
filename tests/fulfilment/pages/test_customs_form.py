"""What crosses a customs border is declared; what the declaration lacks is named before the parcel ships."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from fulfilment.documents import customs_form
from fulfilment.models import FulfilmentOrder, ShippingRule
from fulfilment.services import label, pack
from inventory.models import Location
from oms.papers.models import Document
from orders.models import Order
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, text
from tests.fulfilment.paper import barcodes_of, size_of, text_of, words_outside
from tests.make import make_location

BERLIN = {"line1": "Torstr. 1", "postcode": "10119", "city": "Berlin", "country": "DE"}
BERN = {"name": "Ann Miller", "line1": "Kramgasse 49", "postcode": "3011", "city": "Bern", "country": "CH"}


@pytest.mark.parametrize(
    ("country", "postcode", "is_declared"),
    [
        ("DE", "10119", False),
        ("FR", "75001", False),
        ("MC", "98000", False),
        ("CH", "3011", True),
        ("GB", "SW1A 1AA", True),
        ("US", "10001", True),
        ("ES", "28001", False),
        ("ES", "35001", True),  # Canaries
        ("DE", "27498", True),  # Heligoland
        ("", "", False),
    ],
)
def test_what_leaves_the_union_is_declared(country, postcode, is_declared):
    order = Order(ship_to={"country": country, "postcode": postcode})
    work = FulfilmentOrder(order=order, location=Location(address=BERLIN), method="ship")
    assert customs_form.needs_form(work) == is_declared
    work.method = "pickup"
    assert not customs_form.needs_form(work)
    at_home = FulfilmentOrder(order=order, location=Location(address=order.ship_to), method="ship")
    assert not customs_form.needs_form(at_home)


@pytest.fixture
def goods(db):
    place = make_location(address=BERLIN)
    fields = {"hs_code": "691200", "origin": "PT", "weight_g": 350}
    return make_shelf(9, 9, location=place, **fields)[1]


@pytest.mark.papers
def test_the_declaration_says_what_was_sold_and_reads_back(goods):
    cup, pot = goods
    parcel = packed(confirmed((cup, 2), (pot, 1), ship_to=BERN))
    parcel = label.buy(parcel.pk, tracking_number="RR123456785DE", actor=ACTOR)
    pdf = customs_form.render(parcel.pk)
    [page] = text_of(pdf)
    for words in ("CN 22", "691200", "PT", "0.700", "0.350", "Kramgasse 49", "SWITZERLAND", "0.800 kg", "page 1/1"):
        assert words in page, words
    context = customs_form.page(parcel)
    assert [row["quantity"] for row in context["pages"][0]] == [2, 1]
    assert context["value"] == sum(line.net for line in parcel.order.lines.all())
    assert (size_of(pdf), words_outside(pdf)) == ((148, 210), 0)
    assert barcodes_of(pdf, dpi=300) == [("]C0", "RR123456785DE")]
    assert "REPRINT 1" in text_of(customs_form.render(parcel.pk, reprint=1))[0]


@pytest.mark.papers
@pytest.mark.parametrize(
    ("term", "words"), [("DDP", "DDP duties paid by sender"), ("DAP", "DAP duties due by recipient"), ("", "")]
)
def test_the_declaration_says_who_pays_duties(goods, term, words):
    parcel = packed(confirmed((goods[0], 1), ship_to=BERN))
    ShippingRule.objects.create(channel=parcel.order.channel, incoterm=term)
    pdf = customs_form.render(parcel.pk)
    [page] = text_of(pdf)
    assert (words in " ".join(page.split()), "duties" in page, words_outside(pdf)) == (True, bool(term), 0)


def test_what_is_heavy_or_worth_much_gets_the_long_form(goods):
    cup, _ = goods
    parcel = packed(confirmed((cup, 1), ship_to=BERN))
    assert customs_form.page(parcel)["form"] == "CN 22"
    parcel.weight_g = 2001
    assert customs_form.page(parcel)["form"] == "CN 23"
    parcel.weight_g, parcel.order.currency = 800, "JPY"
    assert customs_form.page(parcel)["form"] == "CN 23"


def test_it_is_dated_by_the_day_of_the_place(goods, time_machine):
    parcel = packed(confirmed((goods[0], 1), ship_to=BERN))
    parcel.fulfilment_order.location.tz = "Pacific/Auckland"
    time_machine.move_to(datetime(2026, 1, 9, 23, 30, tzinfo=UTC))
    assert customs_form.page(parcel)["date"] == date(2026, 1, 10)


def test_pages_are_cut_by_how_high_their_rows_are():
    short, long = {"name": "Mug"}, {"name": "x" * customs_form.NAME_LENGTH}
    assert [len(page) for page in customs_form.cut([short] * 20)] == [15, 5]
    assert [len(page) for page in customs_form.cut([long] * 12)] == [6, 6]
    assert customs_form.cut([]) == [[]]


def test_it_is_made_with_the_slip_and_only_where_it_is_needed(goods):
    cup, _ = goods
    abroad, home = packed(confirmed((cup, 1), ship_to=BERN)), packed(confirmed((cup, 1)))
    deliver()
    made = Document.objects.filter(kind="customs_form").values_list("object_id", flat=True)
    assert (list(made), home.order.ship_to["country"]) == ([abroad.pk], "DE")


def test_the_bench_names_what_is_missing_before_it_ships(enter, goods):
    cup, pot = goods
    type(cup).objects.filter(pk=cup.pk).update(hs_code="", origin="")
    order = confirmed((cup, 1), (pot, 1), ship_to=BERN)
    picked(order)
    assert customs_form.gaps(work_of(order)) == [f"{cup}: HS code, origin"]
    client, url = enter(PACKER), reverse("floor:bench", args=[work_of(order).pk])
    assert f"before this ships: {cup}: HS code, origin" in text(client.get(url))
    type(cup).objects.filter(pk=cup.pk).update(hs_code="691200", origin="PT")
    assert "before this ships" not in text(client.get(url))
    for sku in goods:
        row = pack.scan(work_of(order).pk, sku.code, actor=ACTOR)
    pack.close_parcel(row.parcel_id, actor=ACTOR)
    deliver()
    assert client.get(reverse("floor:parcel_paper", args=[row.parcel_id, "customs"])).status_code == 200
    assert "Customs</a>" in text(client.get(url))
