from decimal import Decimal

from django.utils.safestring import mark_safe

from oms.lib.badges import WARN, badge
from oms.lib.money import show


def test_a_badge_that_was_shown_as_safe_text_lets_no_other_text_through():
    assert "<b>late</b>" in badge(mark_safe("<b>late</b>"), WARN)
    assert "&lt;b&gt;late" in badge("<b>late</b>", WARN)


def test_an_amount_that_was_shown_does_not_speak_for_its_equal():
    assert [show(Decimal(amount), "EUR") for amount in ("-0", "0", "9.5", "9.50")] == [
        "-€0.00",
        "€0.00",
        "€9.50",
        "€9.50",
    ]
    assert show(Decimal("9.5"), "EUR", "de") == "9,50\xa0€"
