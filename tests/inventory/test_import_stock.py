import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inventory.models import Bin, CountSession, StockEntry, StockLevel
from inventory.services import stock
from orders.models import Allocation
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db

DAY = "2024-03-01"
TABLE = "sku,quantity,bin\nMUG,40,A-1\nmug,2,a-2\nCUP,7,\n"


@pytest.fixture
def berlin():
    return make_location("BER", tz="Europe/Berlin")


@pytest.fixture
def mug(berlin):
    return make_sku(code="MUG")


@pytest.fixture
def cup(berlin):
    return make_sku(code="CUP")


@pytest.fixture
def import_stock(tmp_path, capsys):
    """Return `import_stock(table, *options, date)`, which returns the report."""

    def import_stock(table, *options, date=DAY):
        path = tmp_path / "stock.csv"
        path.write_text(table)
        call_command("import_stock", path, "--json", "--location", "ber", "--date", date, *options)
        return json.loads(capsys.readouterr().out)

    return import_stock


def test_opening_stock_lies_in_its_bins(import_stock, mug, cup, berlin):
    report = import_stock(TABLE)
    assert report["refused"] == []
    assert (report["created"], report["corrections"], report["bins_created"]) == (3, 3, 2)
    assert bins(mug, berlin) == {"A-1": 40, "A-2": 2}
    assert level(mug, berlin) == (42, 0, 0)
    assert bins(cup, berlin) == {"DOCK": 7}
    assert Bin.objects.get(code="A-2").sort_key == "A-000002"


def test_it_is_booked_as_of_the_day_in_the_zone_of_the_place(import_stock, mug, cup, berlin):
    import_stock(TABLE)
    moments = {entry.at.isoformat() for entry in StockEntry.objects.all()}
    assert moments == {"2024-02-29T23:00:00+00:00"}
    session = CountSession.objects.get()
    assert (session.origin, session.status) == ("import", "posted")


def test_the_same_table_again_adds_nothing(import_stock, mug, cup, berlin):
    import_stock(TABLE)
    stock.adjust(mug, berlin, -1, reason="lost")
    before = list(StockEntry.objects.order_by("pk").values())
    assert import_stock(TABLE)["unchanged"] == 3
    assert list(StockEntry.objects.order_by("pk").values()) == before
    assert CountSession.objects.count() == 1


def test_other_numbers_for_the_same_day_correct_the_first_and_keep_what_came_since(import_stock, mug, cup, berlin):
    import_stock(TABLE)
    stock.adjust(mug, berlin, -5, reason="lost", bin=Bin.objects.get(code="A-1"))
    report = import_stock("sku,quantity,bin\nMUG,44,A-1\n")
    assert (report["changed"], report["corrections"]) == (1, 1)
    assert bins(mug, berlin) == {"A-1": 39, "A-2": 2}


def test_movements_since_the_day_are_replayed(import_stock, mug, cup, berlin):
    stock.receive(mug, berlin, 10)
    import_stock("sku,quantity\nMUG,3\n")
    assert level(mug, berlin) == (13, 0, 0)


def test_what_is_not_in_the_table_stays(import_stock, mug, cup, berlin):
    stock.receive(cup, berlin, 3)
    import_stock("sku,quantity\nMUG,3\n")
    assert level(cup, berlin) == (3, 0, 0)


def test_a_bad_row_says_why_and_the_others_are_taken(import_stock, mug, cup, berlin):
    make_sku(code="SET", kind="kit")
    Bin.objects.create(location=berlin, code="SHUT", is_active=False)
    report = import_stock(
        "sku,quantity,bin\nNONE,1,\nMUG,x,\nMUG,3,A-1\nMUG,4,A-1\nMUG,5,\nSET,1,\nCUP,1,shut\nCUP,2,A-1\n"
    )
    assert [(refused["line"], refused["why"]) for refused in report["refused"]] == [
        (2, "sku: there is no SKU NONE; import it first."),
        (3, "quantity: 'x' is not a whole number from 0 to 100,000,000."),
        (5, "sku: MUG stands in line 4 too."),
        (6, "bin: MUG is counted both as a whole and by bin."),
        (7, "SET is a Kit SKU: no pieces of it lie on a shelf."),
        (8, "Bin SHUT is closed."),
    ]
    assert level(mug, berlin) == (3, 0, 0)
    assert level(cup, berlin) == (2, 0, 0)


@pytest.mark.corrupt(6, 13)  # the floor's part is not played here
def test_a_row_below_what_is_being_picked_is_refused_whole(import_stock, mug, cup, berlin):
    stock.receive(mug, berlin, 5)
    StockEntry.objects.update(at="2024-01-01T00:00Z")
    make_order(mug, 5)
    Allocation.objects.update(status="on_floor")
    report = import_stock("sku,quantity\nMUG,3\nCUP,1\n")
    assert [refused["line"] for refused in report["refused"]] == [2]
    assert level(mug, berlin) == (5, 5, 0)
    assert CountSession.objects.get().lines.count() == 1
    assert report["created"] == 1


def test_a_dry_run_says_the_same_and_changes_nothing(import_stock, mug, cup, berlin):
    assert import_stock(TABLE, "--dry-run")["created"] == 3
    assert not StockEntry.objects.exists()
    assert not CountSession.objects.exists()
    assert not Bin.objects.exists()


def test_nonsense_is_an_error_in_words(import_stock, mug, berlin):
    tomorrow = (timezone.now() + timezone.timedelta(days=2)).date()
    with pytest.raises(CommandError, match="has not begun"):
        import_stock(TABLE, date=tomorrow.isoformat())
    berlin.delete()
    with pytest.raises(CommandError, match="no location"):
        import_stock(TABLE)


def test_safety_stock_comes_with_it(import_stock, mug, cup, berlin):
    report = import_stock("sku,quantity,bin,safety\nMUG,40,A-1,5\nMUG,2,A-2,5\nCUP,7,,\n")
    assert (report["refused"], report["safety_set"]) == ([], 1)
    assert dict(StockLevel.objects.values_list("sku__code", "safety")) == {"MUG": 5, "CUP": 0}


def test_two_numbers_of_safety_stock_for_one_sku_are_refused(import_stock, mug, cup, berlin):
    report = import_stock("sku,quantity,bin,safety\nMUG,40,A-1,5\nMUG,2,A-2,6\nCUP,7,,-1\n")
    assert [row["line"] for row in report["refused"]] == [3, 4]
    assert "one for all bins" in report["refused"][0]["why"]
    assert StockLevel.objects.get(sku=mug).safety == 5
