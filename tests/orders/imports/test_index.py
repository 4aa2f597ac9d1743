from decimal import Decimal

import pytest

from orders.imports import index as index_module
from orders.imports.index import Index, check_readable
from orders.imports.records import Refusal, Refused, Row


def row(number, key, net="1.25", kind="goods", problem=""):
    return Row(number, key, kind, None if net is None else Decimal(net), {"n": str(number)}, problem)


@pytest.fixture
def index():
    with Index() as opened:
        yield opened


def test_rows_of_an_order_come_together_wherever_they_stand(index):
    index.fill(iter([row(2, "A"), row(3, "B"), row(4, "A"), row(5, "C"), row(6, "B")]), lambda key: 0)
    assert [(key, [one.number for one in rows]) for key, rows in index.groups()] == [
        ("A", [2, 4]),
        ("B", [3, 6]),
        ("C", [5]),
    ]
    assert len(index) == 3


def test_what_undoes_orders_comes_after_them(index):
    index.fill(iter([row(2, "C1"), row(3, "1"), row(4, "2")]), lambda key: int(key.startswith("C")))
    assert [key for key, _ in index.groups()] == ["1", "2", "C1"]


def test_a_row_without_an_order_is_refused_alone(index):
    index.fill(iter([row(2, ""), row(3, "A"), row(4, "")]), lambda key: 0)
    refused = []
    for key, rows in index.groups():
        try:
            check_readable(key, rows)
        except Refused as error:
            refused += error.refusals
    assert [(one.row, one.reason) for one in refused] == [
        (2, "The order's number is missing."),
        (4, "The order's number is missing."),
    ]


def test_a_ragged_row_takes_its_order_with_it():
    rows = [row(2, "A"), row(3, "A", problem="3 cells where the first line has 8.")]
    with pytest.raises(Refused) as caught:
        check_readable("A", rows)
    assert [one.row for one in caught.value.refusals] == [3, 2]


def test_an_order_is_not_larger_than_a_transaction(monkeypatch):
    monkeypatch.setattr(index_module, "MOST_ROWS", 2)
    check_readable("A", [row(1, "A"), row(2, "A")])
    with pytest.raises(Refused, match="at most 2 rows"):
        check_readable("A", [row(1, "A"), row(2, "A"), row(3, "A")])


def test_totals_tell_the_file_and_what_of_it_was_refused(index):
    rows = [row(2, "A"), row(3, "A", "0.001", kind="charges"), row(4, "B"), row(5, "C", None)]
    index.fill(iter(rows), lambda key: 0)
    index.refuse([Refusal(4, "B", "", "bad"), Refusal(5, "C", "quantity", "bad")])
    assert index.totals() == {
        "goods": (3, Decimal("2.5"), 2, Decimal("1.25")),
        "charges": (1, Decimal("0.001"), 0, 0),
    }
    assert list(index.nets()) == [[("A", Decimal("1.251"))]]
    assert [refusal.row for refusal in index.refusals()] == [4, 5]


def test_an_absurd_amount_is_a_problem_of_its_row(index):
    index.fill(iter([row(2, "A", "1e12"), row(3, "B", "999999999999")]), lambda key: 0)
    (_, [absurd]), (_, [fine]) = index.groups()
    assert (absurd.net, "too large" in absurd.problem) == (None, True)
    assert (fine.net, fine.problem) == (999999999999, "")


def test_an_order_number_has_an_end(index):
    with pytest.raises(Refused, match="at most 60"):
        check_readable("x" * 61, [row(2, "x" * 61)])
