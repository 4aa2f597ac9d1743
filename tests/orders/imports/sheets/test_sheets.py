"""Orders from spreadsheets: whole or not at all, each once, every bad cell named."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import Sku
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Delivery
from orders.imports.sheets import check as checking
from orders.imports.sheets import figures, receive, work
from orders.imports.sheets import take as taking
from orders.imports.sheets.suggest import suggest
from orders.models import Channel, ChannelDocument, Order, SheetMapping, SheetRefusal, SheetUpload, SkuAlias
from orders.services.map_sku import map_sku
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order, make_sku
from tests.oms.lib.test_xlsx import saved
from tests.orders.channels.documents.lately import LATELY
from tests.orders.channels.feed import make_connection
from tests.orders.doctor.test_orders import violations
from tests.orders.imports.sheets.feed import (
    ANN,
    CHECK,
    HEADER,
    check,
    make_sheets,
    outcome,
    problems,
    row,
    start,
    take,
    text_of,
    upload,
)

pytestmark = pytest.mark.django_db
# Of a second row, where the order's own fields stand on its first.
REST = {"day": "", "shipping": "", "who": ";;;;;"}


@pytest.fixture
def sheets():
    place = make_location()
    for code in ("MUG", "CUP"):
        make_sku(90, place, code=code)
    return make_sheets(name="Mug shop")


def test_rows_of_one_number_become_one_order_to_the_cent(sheets):
    done = take(sheets, row("A1", pieces="2"), row("A2", who=ANN), row("A1", "CUP", price="1.234,50"))
    assert (outcome(done), done.status) == ((2, 0, 0, 0, 0), "done")
    order = Order.objects.get(external_id="A1")
    assert [(line.sku_code, line.quantity, line.unit_price) for line in order.lines.all()] == [
        ("MUG", 2, Decimal("9.50")),
        ("CUP", 1, Decimal("1234.50")),
    ]
    assert (order.gross, order.email, order.ship_to["line1"]) == (Decimal("1258.40"), "ann@example.com", "Torstr. 1")
    assert order.ordered_at == datetime.combine(LATELY, time(), ZoneInfo("Europe/Berlin"))
    assert order.channel_order.connection == sheets


def test_before_anybody_says_so_nothing_is_placed(sheets):
    found = check(sheets, row("A1"), row("A2", pieces="two"))
    assert (outcome(found), found.status, Order.objects.count()) == ((1, 0, 0, 1, 1), "checked", 0)


@pytest.mark.parametrize(
    ("bad", "title", "said"),
    [
        ({"pieces": "two"}, "Menge", "'two' is no whole number of pieces."),
        ({"pieces": "0"}, "Menge", "'0' is no whole number of pieces."),
        ({"price": "9,5,0"}, "Einzelpreis", "'9,5,0' is no amount as in 1.234,50."),
        ({"price": ""}, "Einzelpreis", "This is missing."),
        ({"price": "#REF!"}, "Einzelpreis", "'#REF!' is no amount as in 1.234,50."),
        ({"day": "31.13.2026"}, "Datum", "'31.13.2026' is no day as in 31.05.2026 or 31/05/2026."),
        ({"day": "31.05.2199"}, "Datum", "This day has not come yet: are day and month the right way round?"),
        ({"day": "31.05.2001"}, "Datum", "That is more than a year ago: import it as history."),
        ({"sku": ""}, "Artikelnummer", "This is missing."),
        ({"key": ""}, "Bestellnr", "This is missing."),
        ({"shipping": "-1"}, "Versandkosten", "This cannot be negative."),
        ({"who": ANN.replace("DE", "Atlantis")}, "Land", "This is no country; write its ISO code (DE) or its name."),
        ({"who": ANN.replace("Berlin", "")}, "Ort", "This is missing."),
        ({"who": ANN.replace("@", " at ")}, "E-Mail", "This is no e-mail address."),
    ],
)
def test_a_bad_cell_is_named_and_refuses_its_whole_order(sheets, bad, title, said):
    good = row("A1", "CUP", price="1,00", **REST)
    found = check(sheets, row(**{"key": "A1"} | bad), good, row("A2"), decimals="comma", dates="dmy")
    refused = problems(found)
    assert refused.pop(2) == {title: said}
    if bad.get("key") is None:
        assert refused == {3: {"": "Not taken, because of row 2 of the same order."}}
    assert outcome(found)[3] == 1


def test_rows_of_an_order_that_contradict_each_other_are_refused(sheets):
    found = check(
        sheets, row("A1"), row("A1", "CUP", shipping="0"), row("A2"), row("A2", who=ANN.replace("Ann", "Eva"))
    )
    assert problems(found) == {
        4: {"": "Not taken, because of row 5 of the same order."},
        5: {"Name": "Row 4 or another of this order says 'Ann Groß'."},
    }


def test_characters_that_no_database_keeps_are_a_bad_cell(sheets):
    found = check(sheets, row("A1", who=ANN.replace("Ann", "A\x00n")), row("A2\x00"))
    assert [[*why] for why in problems(found).values()] == [["Name"], ["Bestellnr"]]
    assert found.refusals.first().cells[6] == "An Groß"


def test_only_what_was_mended_is_added_the_second_time(sheets):
    bad = [row("A1"), row("A2", pieces="two"), row("A2", "CUP")]
    take(sheets, *bad)
    again = take(sheets, row("A1"), row("A2", pieces="2"), row("A2", "CUP"))
    assert outcome(again) == (1, 0, 1, 0, 0)
    assert (Order.objects.count(), outcome(take(sheets, *bad))) == (2, (0, 0, 1, 1, 2))


def test_an_order_that_is_here_and_differs_is_refused_with_the_difference(sheets):
    take(sheets, row("A1", pieces="2"))
    order = Order.objects.get()
    changed = ANN.replace("Torstr. 1", "Torstr. 2")
    again = check(sheets, row("A1", pieces="3", who=changed), row("A1", "CUP", **REST))
    assert problems(again)[2] == {
        "Bestellnr": f"It is here already as {order}, and differs: MUG 3 pieces, not 2; CUP 1 pieces, not 0; "
        "delivery address; prices, shipping, tax or total."
    }
    assert outcome(start(again)) == (0, 0, 0, 1, 2)
    order.refresh_from_db()
    assert [line.quantity for line in order.lines.all()] == [2]


def test_an_order_that_came_another_way_is_compared_with_what_is_here(sheets):
    order = make_order(
        channel=sheets.channel,
        external_id="A1",
        ship_to={"name": "Eva", "line1": "A 1", "city": "Ulm", "country": "DE"},
    )
    (found,) = problems(check(sheets, row("A1", "MUG"))).values()
    sku = order.lines.get().sku_code
    assert found["Bestellnr"].startswith(f"It is here already as {order}, and differs: MUG 1 pieces, not 0; {sku} 0 ")
    assert "delivery address" in found["Bestellnr"]


def test_an_unknown_sku_waits_in_the_queue_and_is_placed_once_it_is_mapped(sheets):
    done = take(sheets, row("A1", "TASSE"), row("A2"))
    assert outcome(done) == (1, 1, 0, 0, 0)
    deliver("orders.tasks.work_document")
    assert ChannelDocument.objects.get().status == "unmapped"
    assert outcome(take(sheets, row("A1", "TASSE"))) == (0, 0, 1, 0, 0)
    (why,) = problems(check(sheets, row("A1", "TASSE", pieces="5"))).values()
    assert "Another version of this order waits" in why["Bestellnr"]
    map_sku(SkuAlias.objects.get().pk, Order.objects.get().lines.get().sku, actor="user:1")
    deliver("orders.tasks.work_document")
    assert Order.objects.get(external_id="A1").gross == Decimal("14.40")
    assert outcome(take(sheets, row("A1", "TASSE"))) == (0, 0, 1, 0, 0)


def test_what_the_order_service_refuses_is_put_to_its_cell(sheets):
    found = check(sheets, row("A1"), row("A1", "CUP"))
    Sku.objects.filter(code="CUP").update(is_active=False)
    assert problems(start(found)) == {
        2: {"": "Not taken, because of row 3 of the same order."},
        3: {"Artikelnummer": "CUP is not sold any more."},
    }


def test_a_worker_that_is_killed_halfway_leaves_whole_orders_and_the_next_goes_on(sheets, monkeypatch):
    monkeypatch.setattr(work, "TOGETHER", 2)
    found = check(sheets, *(row(f"A{n}") for n in range(5)), row("B", pieces="two"))
    receive.start(found.pk, actor="user:1")
    add, calls = figures.add, []

    def dies(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        add(*args)

    def take_some(*args, **options):
        with transaction.atomic():
            return take_one(*args, **options)

    take_one = taking._take
    monkeypatch.setattr(taking, "_take", take_some)
    monkeypatch.setattr(figures, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        taking.take(found.pk, actor="user:1")
    assert (Order.objects.count(), SheetUpload.objects.get().position) == (2, 2)
    taking.take(found.pk, actor="user:1")
    taking.take(found.pk, actor="user:1")
    done = SheetUpload.objects.get()
    assert (outcome(done), done.status, Order.objects.count()) == ((5, 0, 0, 1, 1), "done", 5)
    deliver("orders.tasks.take_sheet")


@pytest.fixture
def slow(monkeypatch):
    """A worker whose time is over after each order."""
    monkeypatch.setattr(work, "TOGETHER", 1)
    clock = count()
    monkeypatch.setattr(work, "time", SimpleNamespace(monotonic=lambda: next(clock) * work.BUDGET_S * 0.9))


def test_a_long_check_goes_on_in_another_delivery_and_counts_each_order_once(sheets, slow):
    found = check(sheets, row("A1"), row("A2", pieces="two"), row("A3"))
    assert (outcome(found), found.figures["orders"], found.status) == ((2, 0, 0, 1, 1), 3, "checked")
    assert Delivery.objects.filter(event__name="sheet.mapped").count() == 3
    again = check(sheets, row("A4"))
    receive.choose_columns(again.pk, again.mapping, actor="user:1")
    deliver(CHECK)
    assert outcome(SheetUpload.objects.get(pk=again.pk)) == (1, 0, 0, 0, 0)


def test_a_long_import_goes_on_in_another_delivery(sheets, slow):
    done = take(sheets, row("A1"), row("A2"))
    assert (outcome(done), done.status) == ((2, 0, 0, 0, 0), "done")


def test_of_two_workers_at_one_file_the_later_counts_nothing(sheets):
    found = upload(sheets, text_of(row("A1")))
    receive.choose_columns(found.pk, suggest(found.header, found.first_rows), actor="user:1")
    before = SheetUpload.objects.get()
    checking.check(found.pk, actor="user:1")
    with pytest.raises(RuntimeError, match="Another worker"):
        work.locked(before)
    deliver(CHECK)


def test_a_workbook_is_read_like_a_csv(sheets):
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(";"))
    book.active.append(["A1", datetime.combine(LATELY, time()), "MUG", 2, 9.5, None, *ANN.split(";")])
    sheet = upload(sheets, saved(book).getvalue(), name="may.xlsx")
    assert sheet.first_rows[0][:5] == ["A1", str(LATELY), "MUG", "2", "9.5"]
    columns = {"order_id": "Bestellnr", "ordered_at": "Datum", "sku": "Artikelnummer", "quantity": "Menge"}
    mapping = {"columns": columns | {"unit_price": "Einzelpreis"}, "constants": {}, "dates": "dmy", "decimals": "comma"}
    receive.choose_columns(sheet.pk, mapping, actor="user:1")
    deliver("orders.tasks.check_sheet")
    start(sheet)
    order = Order.objects.get()
    assert (order.gross, order.ship_to) == (Decimal("19.00"), {})


def test_constants_and_the_price_list_stand_in_for_columns(sheets):
    sheet = upload(sheets, "Order;SKU\nA1;MUG\n")
    mapping = {
        "columns": {"order_id": "Order", "sku": "SKU"},
        "constants": {"quantity": "3"},
        "dates": "iso",
        "decimals": "any",
    }
    sheets.channel.prices.create(sku=make_sku(9, code="PEN"), amount=1)
    sheets.channel.prices.create(sku=Sku.objects.get(code="MUG"), amount=7)
    receive.choose_columns(sheet.pk, mapping, actor="user:1")
    deliver("orders.tasks.check_sheet")
    done = start(sheet)
    assert (problems(done), Order.objects.get().gross) == ({}, Decimal("21.00"))


def test_a_currency_goes_to_its_channel_and_a_total_must_be_what_the_rows_come_to(sheets):
    sheets.also_for.add(make_channel(code="CHF", currency="CHF", seller=sheets.channel.seller))
    text = "Order;SKU;Qty;Price;Total;Currency\nA;MUG;2;9.50;19.00;CHF\nB;MUG;2;9.50;91.00;EUR\nC;MUG;2;9.50;;USD\n"
    sheet = upload(sheets, text)
    names = ("order_id", "sku", "quantity", "unit_price", "total", "currency")
    columns = dict(zip(names, sheet.header, strict=True))
    receive.choose_columns(
        sheet.pk, {"columns": columns, "constants": {}, "dates": "iso", "decimals": "any"}, actor="u"
    )
    deliver("orders.tasks.check_sheet")
    sheet.refresh_from_db()
    assert problems(start(sheet)) == {
        3: {"Total": "The rows of this order come to 19.00."},
        4: {"Currency": "This channel sells in EUR, CHF."},
    }
    assert Order.objects.get().currency == "CHF"


def test_what_was_chosen_is_kept_for_the_next_file(sheets):
    check(sheets, row(), decimals="comma")
    check(sheets, row(), decimals="point")
    assert SheetMapping.objects.get().decimals == "point"


def test_nobody_starts_it_twice_as_a_shadow_or_after_discarding_it(sheets):
    found = check(sheets, row())
    sheets.is_shadow = True
    sheets.save()
    with pytest.raises(InvalidTransition, match="shadow"):
        receive.start(found.pk, actor="user:1")
    receive.discard(found.pk)
    for act in (lambda: receive.start(found.pk, actor="user:1"), lambda: receive.discard(found.pk)):
        with pytest.raises(InvalidTransition):
            act()
    found.refresh_from_db()
    assert (found.file.name, found.first_rows, Order.objects.count()) == ("", [], 0)


def test_files_and_rows_are_forgotten_after_a_week(sheets):
    done, waiting = take(sheets, row("A1"), row("A2", pieces="two")), upload(sheets, text_of(row()))
    receive.forget_due()
    done.refresh_from_db()
    assert (done.file.name, SheetRefusal.objects.count()) == ("", 1)
    SheetUpload.objects.update(created_at=timezone.now() - timedelta(days=8))
    receive.forget_due()
    waiting.refresh_from_db()
    assert (waiting.status, SheetRefusal.objects.count()) == ("discarded", 0)


def test_what_cannot_be_uploaded_is_said():
    with pytest.raises(Invalid, match="come from a shop"):
        upload(make_connection(), text_of(row()))
    with pytest.raises(Invalid, match="no row below"):
        upload(make_sheets(), HEADER + "\n")
    assert not SheetUpload.objects.exists()


def test_a_paused_channel_takes_nothing_and_says_so(sheets):
    found = check(sheets, row())
    Channel.objects.update(is_paused=True)
    assert problems(start(found)) == {2: {"": "Mug shop is paused and takes no orders."}}


@pytest.mark.corrupt
def test_doctor_names_a_file_that_no_worker_has(sheets):
    found = check(sheets, row())
    receive.start(found.pk, actor="user:1")
    assert violations(14) == []
    SheetUpload.objects.filter(pk=found.pk).update(status="checking")
    Delivery.objects.filter(event__subject=found.subject).delete()
    assert violations(14)
