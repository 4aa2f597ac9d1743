"""Examples of the GS1 General Specifications, and labels that are wrong."""

from datetime import date

import pytest

from oms.lib import gs1
from oms.lib.errors import Invalid

TODAY = date(2026, 11, 22)


def test_product_expiry_lot_and_serial():
    label = gs1.parse("]C1" + "0109501101530003" + "17261231" + "10AB-123\x1d" + "21S1", today=TODAY)
    assert (label.gtin, label.expires_on, label.lot, label.serial) == (
        "09501101530003",
        date(2026, 12, 31),
        "AB-123",
        "S1",
    )


@pytest.mark.parametrize(
    "code",
    [
        "0109501101530003" + "10AB-123\x1d" + "17261231",
        "\x1d0109501101530003" + "17261231" + "10AB-123",
        "]d20109501101530003" + "10AB-123\x1d" + "17261231\x1d",
        "(01)09501101530003(17)261231(10)AB-123",
    ],
)
def test_the_order_and_the_separators_do_not_matter(code):
    label = gs1.parse(code, today=TODAY)
    assert (label.gtin, label.lot, label.expires_on) == ("09501101530003", "AB-123", date(2026, 12, 31))


def test_a_weight_is_passed_over():
    label = gs1.parse("0109501101530003" + "3103000189" + "10L7", today=TODAY)
    assert label.lot == "L7"
    assert label.values["3103"] == "000189"


def test_use_by_goes_before_best_before():
    assert gs1.parse("010950110153000315260101" + "17270101", today=TODAY).expires_on == date(2027, 1, 1)
    assert gs1.parse("010950110153000315260101", today=TODAY).expires_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("270200", date(2027, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("000101", date(2000, 1, 1)),
    ],
)
def test_day_nought_and_the_century(digits, expected):
    assert gs1.day(digits, today=TODAY) == expected


def test_at_the_end_of_a_century_the_year_is_in_the_next():
    assert gs1.day("010101", today=date(2099, 1, 1)) == date(2101, 1, 1)


def test_the_check_digit_of_the_specifications():
    assert gs1.check_digit("629104150021") == "3"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0109501101530004", "check digit"),
        ("01095011", "14 digits"),
        ("010950110153000317261331", "no date"),
        ("010950110153000310", "1 to 20"),
        ("010950110153000310" + "X" * 21, "1 to 20"),
        ("0109501101530003ZZ", "no GS1 element"),
        ("01095011015300031726AB01", "6 digits"),
    ],
)
def test_a_wrong_label_says_what_is_wrong(code, said):
    with pytest.raises(Invalid, match=said):
        gs1.parse(code, today=TODAY)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("4006381333931", False), ("01LAMP", False), ("0109501101530003", True), ("(01)09501101530003", True)],
)
def test_what_looks_like_an_element_string(code, expected):
    assert gs1.is_element_string(code) is expected
