import json
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command

from inventory.imports.floor_plan import COLUMNS, table_of
from inventory.models import Bin, FloorPlan
from inventory.services.place_bins import Placing, place_bins
from oms.lib.csv import lines
from oms.lib.errors import Invalid
from tests.fulfilment.floors import make_floor, make_place
from tests.make import make_location, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_floor(make_location("BER"))


@pytest.fixture
def import_plan(tmp_path, capsys):
    """Return `import_plan(table, *options)`, which returns the report."""

    def import_plan(table, *options):
        path = tmp_path / "plan.csv"
        path.write_text(table)
        call_command("import_floor_plan", path, "--json", "--location", "ber", *options)
        return json.loads(capsys.readouterr().out)

    return import_plan


def where(code):
    bin_ = Bin.objects.get(code=code)
    return bin_.aisle, bin_.side, bin_.position_cm, bin_.level, bin_.zone


def test_bins_are_put_in_their_places_and_new_ones_made(import_plan, place):
    make_place(place, "A1", 5, code="A1-1", level=2, zone="N")
    table = "bin;aisle;side;position;level;zone\na1-1;a2;right;12,5;;\nA1-2;A1;left;3;1;S\n"
    report = import_plan(table)
    assert (report["created"], report["changed"], report["refused"]) == (1, 1, [])
    assert (where("A1-1"), where("A1-2")) == (("A2", "right", 1250, 2, "N"), ("A1", "left", 300, 1, "S"))
    assert import_plan(table)["unchanged"] == 2


def test_a_dry_run_says_all_and_changes_nothing(import_plan, place):
    report = import_plan("bin,aisle,position,aisle_x\nB1-1,B1,3,40\n", "--dry-run")
    assert (report["created"], report["dry_run"]) == (1, True)
    assert not Bin.objects.filter(code="B1-1").exists()
    assert not place.floor_plan.aisles.filter(code="B1").exists()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("X,A9,5,,", "aisle: A9 is not on the plan of BER: draw it first."),
        ("X,,5,,", "aisle: a position is in an aisle; name it."),
        ("X,A1,25,,", "position: X would be beyond the cross-aisles of BER."),
        ("X,A1,5,left,0", "position: TAKEN lies where X is to be: give one another side or level."),
        ("X,A1,far,,", "position: 'far' is not an amount with at most 4 decimals."),
        ("X,A1,5.125,,", "position: '5.125' is no length in metres, as 12.5, up to 1,000."),
        ("X,A1,5,up,", "side: 'up' is none of left, right."),
        ("X,A1,5,,-1", "level: '-1' is not a whole number from 0 to 99."),
        (",A1,5,,", "bin: give its code."),
        ("OTHER,A1,5,,", "bin: OTHER stands in line 2 too."),
    ],
)
def test_a_wrong_row_is_refused_with_line_field_and_reason(import_plan, place, row, why):
    make_place(place, "A1", 5, code="TAKEN")
    report = import_plan(f"bin,aisle,position,side,level\nOTHER,A2,1,,\n{row}\n")
    assert report["refused"] == [{"line": 3, "why": why}]
    assert report["created"] == 1
    assert not Bin.objects.filter(code="X").exists()


def test_a_first_plan_is_drawn_from_the_table(import_plan):
    place = make_location("BER")
    table = "bin,aisle,position,aisle_x\nA1-1,A1,5,0\nA2-1,A2,6,3.5\n"
    assert "no floor plan: draw it" in import_plan(table)["refused"][0]["why"]
    assert import_plan(table, "--cross", "0", "20")["created"] == 2
    plan = FloorPlan.objects.get(location=place)
    assert list(plan.aisles.order_by("x_cm").values_list("code", "x_cm")) == [("A1", 0), ("A2", 350)]
    assert list(plan.cross_aisles.order_by("y_cm").values_list("y_cm", flat=True)) == [0, 2000]


def test_what_is_exported_can_be_imported_again(import_plan, place):
    for aisle, metres in (("A1", 5), ("A2", 7.25)):
        make_place(place, aisle, metres, side="right", zone="N", level=1)
    table = "".join(lines(COLUMNS, table_of(place)))
    assert "A2-2,A2,right,7.25,1,N,4" in table.replace("4.00", "4")
    assert import_plan(table)["unchanged"] == 2


def test_an_unknown_location_is_said(import_plan):
    with pytest.raises(CommandError, match="no location"):
        import_plan("bin,aisle,position\n")


def test_bins_exchange_places(place):
    make_place(place, "A1", 5, code="ONE")
    make_place(place, "A2", 6, code="TWO")
    told = place_bins(place, [Placing("ONE", "A2", 600), Placing("TWO", "A1", 500)])
    assert told == [("changed", "aisle, position"), ("changed", "aisle, position")]
    assert (where("ONE")[:3], where("TWO")[:3]) == (("A2", "left", 600), ("A1", "left", 500))
    with pytest.raises(Invalid, match="no bin THREE"):
        place_bins(place, [Placing("THREE", "A1", 100)])


def test_who_may_not_change_a_plan_may_not_upload_one(place, client):
    from_console = {"file": BytesIO(b"bin,aisle,position\nX,A1,5\n"), "location": place.pk}
    from_console["file"].name = "plan.csv"
    client.force_login(make_user("Buyer"))
    assert client.post("/admin/inventory/import/plan/", from_console).status_code == 403
    client.force_login(make_user("Warehouse lead"))
    from_console["file"].seek(0)
    shown = client.post("/admin/inventory/import/plan/", from_console, follow=True)
    assert "new" in shown.content.decode()
    client.post(shown.redirect_chain[-1][0] + "take/")
    assert where("X")[:3] == ("A1", "", 500)
