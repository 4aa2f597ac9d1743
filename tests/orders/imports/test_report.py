import json
from decimal import Decimal

from orders.imports.reconcile import Kind
from orders.imports.records import Refusal
from orders.imports.report import Report, as_json, as_text

KINDS = {
    "charges": Kind(2, Decimal(20), 0, Decimal(0), 2, Decimal(20)),
    "credited goods": Kind(1, Decimal("-5.5"), 0, Decimal(0), 1, Decimal("-5.5")),
    "goods": Kind(4, Decimal(110), 1, Decimal(10), 3, Decimal(100)),
}
REFUSALS = [Refusal(7, "A1", "quantity", "'six' is no whole number of pieces."), Refusal(8, "Ä2", "", "Bad.")]


def test_json_is_one_object_that_ends_with_what_was_refused():
    told = json.loads("".join(as_json(Report("uci", kinds=KINDS, orders_created=2), iter(REFUSALS))))
    assert (told["orders_created"], told["lines"], told["net"], told["goods"]) == (2, 3, 114.5, 100)
    assert (told["charges"], told["credits"], told["adjustments"], told["refused_rows"]) == (20, -5.5, 0, 1)
    assert told["reconciliation"]["goods"]["difference"] == 0
    assert told["refused"][1] == {"row": 8, "order": "Ä2", "field": "", "reason": "Bad."}
    assert told["peak_rss_mb"] > 0


def test_json_of_nothing_refused_is_sound():
    assert json.loads("".join(as_json(Report("uci"), [])))["refused"] == []


def test_people_get_a_table_that_adds_up_and_every_row_not_taken():
    text = "\n".join(as_text(Report("uci", kinds=KINDS), REFUSALS))
    assert [line.split() for line in text.splitlines() if line.startswith("all ")] == [
        ["all", "7", "124.500", "1", "6", "114.500", "0.000"]
    ]
    assert "Every order's net value equals the file's." in text
    assert "Not taken: row 7, order A1, quantity: 'six' is no whole number of pieces." in text


def test_orders_that_differ_are_named():
    text = "\n".join(as_text(Report("uci", kinds=KINDS, differing=[("A1", Decimal(2), None)]), []))
    assert "1 orders differ from the file:\n  A1: 2 in the file, None here" in text
