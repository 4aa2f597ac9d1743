import pytest

from oms.lib.colors import READABLE, contrast, ink_on, readable


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WCAG's well known near miss


@pytest.mark.parametrize("color", ["#ffff00", "#ffffff", "#00ff88", "#1f4b99", "#000000"])
def test_text_in_any_brand_colour_can_be_read(color):
    assert contrast(readable(color), "#ffffff") >= READABLE
    assert contrast(ink_on(color), color) >= READABLE


def test_colour_that_can_be_read_stays_as_it_is():
    assert readable("#1f4b99") == "#1f4b99"


@pytest.mark.parametrize("color", ["", "red", "#fff", "url(x)", "#12345g", "#000000\n"])
def test_what_is_no_colour_gets_into_no_stylesheet(color):
    assert readable(color) == "#1f4b99"
