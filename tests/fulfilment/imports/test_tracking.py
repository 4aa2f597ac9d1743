"""What a partner without an API sent, from a CSV: a fulfilment order as its rows say, or nothing of it."""

from io import BytesIO

import pytest

from fulfilment.documents.work_table import COLUMNS, open_table
from fulfilment.imports import tracking
from fulfilment.models import Carrier, FulfilmentOrder, Parcel
from fulfilment.services.assign import acknowledge
from inventory.models import StockEntry
from oms.lib import csv
from oms.lib.errors import Invalid
from orders.services import holds
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db
ACTOR = "user:1"


@pytest.fixture
def depot():
    return make_location("SWIFT", kind="3pl")


@pytest.fixture
def cup(depot):
    return make_sku(20, depot, code="CUP")


@pytest.fixture
def vase(depot):
    return make_sku(20, depot, code="VASE")


def take(depot, *rows, header="work,sku,quantity,carrier,tracking_number", **kwargs):
    text = "\n".join([header, *rows])
    reader = csv.Reader(BytesIO(text.encode()), name="t.csv", required=tracking.REQUIRED)
    return tracking.take(reader, depot, actor=ACTOR, **kwargs)


def gone():
    """{(tracking number, SKU): pieces} of all that left."""
    return {
        (row.parcel.tracking_number, row.sku.code): row.quantity
        for parcel in Parcel.objects.gone()
        for row in parcel.lines.select_related("parcel", "sku")
    }


def nothing_left():
    return not Parcel.objects.exists() and not StockEntry.objects.filter(reason="ship").exists()


def test_a_row_without_sku_ships_all_of_the_work(depot, cup, vase):
    order = confirmed((cup, 2), (vase, 1))
    assert take(depot, f"{work_of(order)},,,,T1") == [
        [2, "created", f"{work_of(order)}", f"1 parcel of {work_of(order)}"]
    ]
    assert gone() == {("T1", "CUP"): 2, ("T1", "VASE"): 1}
    assert work_of(order).status == "shipped"


def test_each_tracking_number_is_a_parcel(depot, cup, vase):
    Carrier.objects.create(code="post", name="Post")
    work = work_of(confirmed((cup, 3), (vase, 1)))
    rows = take(depot, f"{work},cup,2,POST,T1", f"{work},CUP,1,post,T2", f"{work},VASE,,post,T2")
    assert [row[1] for row in rows] == ["created"] * 3
    assert gone() == {("T1", "CUP"): 2, ("T2", "CUP"): 1, ("T2", "VASE"): 1}


def test_pieces_that_were_not_sent_stay_in_work_of_their_own(depot, cup, vase):
    order = confirmed((cup, 3), (vase, 1))
    take(depot, f"{work_of(order)},CUP,2,,T1", f"{work_of(order)},VASE,0,,")
    assert gone() == {("T1", "CUP"): 2}
    rest = FulfilmentOrder.objects.filter(order=order).latest("pk")
    assert {line.sku.code: line.wanted for line in rest.lines.all()} == {"CUP": 1, "VASE": 1}


def test_the_same_file_again_ships_nothing_again(depot, cup):
    order = confirmed((cup, 3))
    by_work, by_order = f"{work_of(order)},CUP,1,,T1", f"{order.number},CUP,1,,T1"
    assert take(depot, by_work)[0][1] == "created"
    assert take(depot, by_work)[0][1] == "unchanged"
    assert take(depot, by_order)[0][1] == "unchanged", "though two pieces wait in work of their own"
    assert gone() == {("T1", "CUP"): 1}


def test_work_that_left_under_another_number_is_refused(depot, cup):
    work = work_of(confirmed((cup, 1)))
    take(depot, f"{work},,,,T1")
    [[_, outcome, _, why]] = take(depot, f"{work},,,,T2")
    assert (outcome, why) == ("refused", f"{work} has left before, as T1.")
    assert gone() == {("T1", "CUP"): 1}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("VASE,2,,T1", "Row 3: only 1 of VASE are to leave, not 2."),
        ("VASE,two,,T1", "Row 3: quantity: 'two' is not a whole number from 0 to 100,000."),
        ("MUG,1,,T1", "Row 3: no MUG is to leave."),
        ("VASE,1,,", "Row 3 has no tracking number: not sent yet. Write 0 as its quantity to send it later."),
        (",1,,T1", "Row 3: {work} has more than one row, so each must name its SKU."),
        ("VASE,1,nobody,T1", "There is no carrier nobody; known: manual."),
        ("VASE,1,,T1,more", "Row 3: 6 cells where the first line has 5."),
    ],
)
def test_a_bad_row_is_refused_by_its_number(depot, cup, vase, bad, why):
    """Tried dry, which takes back by a savepoint: PostgreSQL takes half a minute to empty all tables after a test."""
    work = work_of(confirmed((cup, 2), (vase, 1)))
    rows = take(depot, f"{work},CUP,2,,T1", f"{work},{bad}", dry_run=True)
    assert [(row[1], row[3]) for row in rows] == [("refused", why.format(work=work))] * 2
    assert nothing_left()
    work.refresh_from_db()
    assert work.status == "released"


def test_one_bad_row_keeps_back_all_of_its_work_and_no_other(depot, cup, vase):
    work, other = work_of(confirmed((cup, 2), (vase, 1))), work_of(confirmed((cup, 1)))
    rows = take(depot, f"{work},CUP,2,,T1", f"{work},MUG,1,,T1", f"{other},,,,T9")
    assert [row[1] for row in rows] == ["refused", "refused", "created"]
    assert gone() == {("T9", "CUP"): 1}
    work.refresh_from_db()
    assert work.status == "released"


def test_what_is_held_or_being_cancelled_does_not_leave(depot, cup):
    held, stopped = confirmed((cup, 1)), confirmed((cup, 2))
    holds.put(held.pk, "fraud", "look first")
    acknowledge(work_of(stopped).pk, actor=ACTOR)
    cancel(stopped.pk, reason="changed mind", actor=ACTOR)
    deliver()
    rows = take(depot, f"{work_of(held)},,,,T1", f"{work_of(stopped)},,,,T2")
    assert [row[3].partition(":")[0].partition(" is on")[0] for row in rows] == [f"Order {held}", "STOP"]
    assert nothing_left()


def test_work_of_another_location_is_not_known(depot, cup):
    work = work_of(confirmed((make_sku(5), 1)))
    rows = take(depot, f"{work},,,,T1", ",,,,T2", "Fx,,,,T3", "nonsense,,,,T4")
    assert [(row[1], row[3]) for row in rows] == [
        ("refused", f"SWIFT has no work {work}."),
        ("refused", "Name the work (F12), or the order."),
        ("refused", "SWIFT has no work Fx."),
        ("refused", "SWIFT has no work nonsense."),
    ]
    assert nothing_left()


def test_a_dry_run_says_the_same_and_ships_nothing(depot, cup):
    work = work_of(confirmed((cup, 1)))
    row = f"{work},,,,T1"
    told = take(depot, row, dry_run=True)
    assert nothing_left()
    assert work_of(work.order).status == "released"
    assert take(depot, row) == told


def test_too_many_rows_ship_nothing(depot, cup):
    work = work_of(confirmed((cup, 1)))
    with pytest.raises(Invalid, match="split the file"):
        take(depot, *[f"{work},,,,T1"] * (tracking.MOST_ROWS + 1))
    assert nothing_left()


def test_the_table_of_open_work_comes_back_filled_in(depot, cup, vase):
    order, held, waiting = confirmed((cup, 2), (vase, 1)), confirmed((cup, 1)), confirmed((cup, 1))
    holds.put(held.pk, "fraud", "look first")
    deliver()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in open_table(depot)]
    assert [(row["order"], row["sku"], row["quantity"]) for row in rows] == [
        (order.number, "CUP", 2),
        (order.number, "VASE", 1),
        (waiting.number, "CUP", 1),
    ]
    assert rows[0]["name"] == "Ann Miller"
    for row in rows[:2]:
        row["tracking_number"] = "T1"
    filled = [",".join(str(value) for value in row.values()) for row in rows]
    assert [row[1] for row in take(depot, *filled, header=",".join(COLUMNS))] == ["created", "created", "unchanged"]
    assert gone() == {("T1", "CUP"): 2, ("T1", "VASE"): 1}
    assert [row[1] for row in open_table(depot)] == [waiting.number]
