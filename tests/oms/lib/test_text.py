import pytest

from oms.lib.errors import Invalid
from oms.lib.text import check_text, clean, is_clean, one_line

BAD = ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\u200f", "\ud800"]


@pytest.mark.parametrize("letter", BAD)
def test_deceiving_characters_are_refused_and_cleaned(letter):
    text = f"a{letter}b"
    assert not is_clean(text)
    assert clean(text) == "ab"
    with pytest.raises(Invalid) as error:
        check_text(text, max_length=10, field="name")
    assert error.value.field == "name"


@pytest.mark.parametrize("text", ["Zoë Ångström", "Łódź", "東京都", "Ωmega 🎁", "O'Brien & Co <x>", "عمان", "e\u0301"])
def test_people_may_be_called_what_they_are(text):
    assert check_text(f" {text} ", max_length=40) == text


def test_lines_only_where_they_belong():
    assert check_text("a\nb", max_length=9, multiline=True) == "a\nb"
    with pytest.raises(Invalid):
        check_text("a\nb", max_length=9)
    assert one_line("a\r\n\tb  c\x00") == "a b c"


def test_length_is_bounded():
    with pytest.raises(Invalid, match="At most 3 characters, not 4"):
        check_text("abcd", max_length=3)
