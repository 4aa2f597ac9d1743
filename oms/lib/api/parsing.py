"""JSON as strict as it can be read: what two parsers could understand differently is refused."""

import json
import math

from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from oms.lib.text import is_clean

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1  # beyond it JavaScript and others silently round: RFC 8259 section 6


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body is larger than {MAX_BYTES} bytes."


class StrictJSONParser(BaseParser):
    """Refuses with 400 what is no JSON, is too deep, names a key twice, or holds unfit numbers or characters."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        """Return what the body says; an empty body is an empty object."""
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise TooLarge
        try:
            return loads(body) if body.strip() else {}
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not acceptable JSON: {error}") from None


def loads(body):
    """Return what the bytes of `body` say; raises ValueError, or RecursionError when absurdly deep."""
    found = json.loads(
        body.decode("utf-8"),
        object_pairs_hook=_object,
        parse_int=_integer,
        parse_float=_number,
        parse_constant=_refuse,
    )
    _check(found, MAX_DEPTH)
    return found


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _integer(text):
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError("a number is too large")
    return int(text)


def _number(text):
    if len(text) > 40 or not math.isfinite(float(text)):
        raise ValueError("a number is too long or too large")
    return float(text)


def _refuse(text):
    raise ValueError(f"{text} is not a number in JSON")


def _check(value, depth):
    if isinstance(value, str):
        if not is_clean(value):
            raise ValueError("control and text-direction characters are not allowed")
    elif isinstance(value, (dict, list)):
        if not depth:
            raise ValueError(f"it is deeper than {MAX_DEPTH} levels")
        for part in value:
            _check(part, depth - 1)
            if isinstance(value, dict):
                _check(value[part], depth - 1)
