from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.imports.fields import MONTH_FIRST, Cells, moment, money, raise_refused, whole
from orders.imports.records import Refused, Row


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("-3", -3), ("1.0", 1), (" 7 ", 7), ("0", 0)])
def test_whole_numbers(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", None, "1.5", "two", "1e40", "nan", "inf", "1,234", "9" * 40, "3000000000"])
def test_what_is_no_number_of_pieces(text):
    assert whole(text) is None


@pytest.mark.parametrize(("text", "amount"), [("9.50", "9.50"), ("9,5", "9.5"), ("-0.0001", "-0.0001"), ("3", "3")])
def test_amounts_with_either_decimal_mark(text, amount):
    assert money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "£9", "1.23456", "1,234", "1,234.50", "1e13", "NaN"])
def test_what_is_no_amount_or_may_be_two(text):
    assert money(text) is None


@pytest.mark.parametrize(
    ("text", "tz", "hour"),
    [
        ("2011-07-01 09:00:00", "Europe/London", 8),
        ("2011-12-01T09:00:00+01:00", "Europe/London", 8),
        ("1/7/2011 9:00", "Europe/Berlin", 7),
        ("01.07.2011", "UTC", 0),
    ],
)
def test_moments_are_read_in_the_zone_of_the_file_unless_they_name_one(text, tz, hour):
    assert moment(text, tz).hour == hour


def test_slashes_are_read_as_the_format_says():
    assert moment("2/1/2011 8:00", "UTC") == datetime(2011, 1, 2, 8, tzinfo=UTC)
    assert moment("2/1/2011 8:00", "UTC", forms=MONTH_FIRST) == datetime(2011, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", None, "yesterday", "2011-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_moment(text):
    assert moment(text, "Europe/London") is None


def row(number=2, **fields):
    return Row(number, "A1", "goods", None, fields)


def test_a_bad_cell_names_its_row_and_field_and_the_other_rows_say_why_they_stay():
    refusals = []
    Cells(row(2, quantity="two"), refusals).integer("quantity")
    with pytest.raises(Refused) as caught:
        raise_refused(refusals, [row(2), row(5)])
    first, second = caught.value.refusals
    assert (first.row, first.order, first.field) == (2, "A1", "quantity")
    assert "'two' is no whole number" in first.reason
    assert (second.row, second.field, second.reason) == (5, "", "Not taken, because of row 2 of the same order.")


def test_text_is_bounded_and_clean():
    refusals = []
    cells = Cells(row(name="x" * 300, company="a\x00b", city=" Reims "), refusals)
    assert [cells.text(field) for field in ("name", "company", "city")] == ["", "", "Reims"]
    assert cells.text("postcode", required=True) == ""
    assert [refusal.field for refusal in refusals] == ["name", "company", "postcode"]


def test_an_empty_amount_is_the_default_where_there_is_one():
    refusals = []
    assert Cells(row(shipping=""), refusals).amount("shipping", Decimal(0)) == 0
    assert not refusals
    Cells(row(shipping=""), refusals).amount("shipping")
    assert [refusal.field for refusal in refusals] == ["shipping"]
