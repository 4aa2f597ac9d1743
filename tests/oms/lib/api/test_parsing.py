from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from oms.lib.api.parsing import MAX_BYTES, StrictJSONParser, TooLarge


def parse(body):
    return StrictJSONParser().parse(BytesIO(body))


def test_reads_what_is_sound():
    body = '{"a": [1, -2.5, true, null, "Zoë 🎁\\n"], "b": {}}'.encode()
    assert parse(body) == {"a": [1, -2.5, True, None, "Zoë 🎁\n"], "b": {}}


def test_no_body_is_an_empty_object():
    assert parse(b" ") == {}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "acceptable JSON"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": {"b": 1, "b": 1}}', "stands twice"),
        (b"[NaN]", "NaN is not a number"),
        (b"[-Infinity]", "-Infinity is not a number"),
        (b"[1e999]", "too large"),
        (b"[9007199254740992]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too large"),
        (b"[0." + b"1" * 50 + b"]", "too long"),
        (b'["a\\u0000"]', "not allowed"),
        (b'{"a\\u0007": 1}', "not allowed"),
        (b'["\\u202eevil"]', "not allowed"),
        (b'["\\ud800"]', "not allowed"),
        ('["\u2066"]'.encode(), "not allowed"),
        (b"\xff", "acceptable JSON"),
        (b"[" * 17 + b"]" * 17, "deeper than 16"),
        (b"[" * 100_000 + b"]" * 100_000, "acceptable JSON"),
    ],
)
def test_refuses_what_two_parsers_could_read_differently(body, reason):
    with pytest.raises(ParseError, match=reason):
        parse(body)


def test_depth_of_16_is_read():
    assert parse(b"[" * 16 + b"]" * 16)


def test_refuses_what_is_too_large():
    with pytest.raises(TooLarge):
        parse(b'"' + b"x" * MAX_BYTES + b'"')
