"""Which text is let in: bounded, and without the characters that only deceive a reader or a parser."""

import re

from oms.lib.errors import Invalid

# Control characters of Unicode (Cc) but tab and line ends, lone surrogates, the line and paragraph
# separators, and all of Unicode's bidi controls (UAX #9), which let a text show other than it is.
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
LINE_ENDS = re.compile(r"[\t\r\n]")


def is_clean(text, *, multiline=True):
    """Say whether `text` has no forbidden character; `multiline` allows tabs and line ends."""
    return not FORBIDDEN.search(text) and (multiline or not LINE_ENDS.search(text))


def clean(text):
    """Return `text` without its forbidden characters: for words of programs, not of people."""
    return FORBIDDEN.sub("", text)


def one_line(text):
    """Return `text` clean and on one line, each run of white space one blank."""
    return " ".join(clean(text).split())


def check_text(text, *, max_length, field=None, multiline=False):
    """Return `text` stripped; raises Invalid naming `field` when it is too long or not clean."""
    text = text.strip()
    if len(text) > max_length:
        raise Invalid(f"At most {max_length} characters, not {len(text)}.", field=field)
    if not is_clean(text, multiline=multiline):
        raise Invalid("Control and text-direction characters are not allowed.", field=field)
    return text
