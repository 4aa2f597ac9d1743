"""Reads what is sent a tenth as long as a serializer, where nothing is doubtful; the serializer itself does the rest.

A reader is made once of a serializer's fields. It takes only what is plainly right, and what it returns is what the
serializer would; for anything else it raises Doubtful, and the serializer finds the words.
"""

import re
from decimal import Decimal

from django.core import validators as django_validators
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.validators import ProhibitSurrogateCharactersValidator

PLAIN_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,4})?", re.ASCII)
KNOWN_VALIDATORS = {
    django_validators.MaxLengthValidator,
    django_validators.MaxValueValidator,
    django_validators.MinLengthValidator,
    django_validators.MinValueValidator,
    django_validators.ProhibitNullCharactersValidator,
    ProhibitSurrogateCharactersValidator,
}


class Doubtful(Exception):
    """It may be right or wrong: ask the serializer."""


def reader_of(serializer):
    """Return read(data) -> what `serializer` (strict) makes of it; read raises Doubtful."""
    if _has_rules(serializer):
        return _asking(serializer)
    known = {name: field for name, field in serializer.fields.items() if not field.read_only}
    readers = [(name, _reader(field), _missing(field), field.allow_null) for name, field in known.items()]
    names = frozenset(known)

    def read(data):
        if type(data) is not dict or not data.keys() <= names:
            raise Doubtful
        found = {}
        for name, read_field, missing, may_be_null in readers:
            value = data.get(name, empty)
            if value is empty:
                missing(name, found)
            elif value is None:
                if not may_be_null:
                    raise Doubtful
                found[name] = None
            else:
                found[name] = read_field(value)
        return found

    return read


def _has_rules(serializer):
    """Whether it checks more than its fields do."""
    own = type(serializer)
    base = serializers.Serializer
    return bool(
        serializer.validators
        or own.validate is not base.validate
        or own.run_validation is not base.run_validation
        or any(hasattr(serializer, f"validate_{name}") for name in serializer.fields)
        or any(field.source != name for name, field in serializer.fields.items())
    )


def _missing(field):
    """Return what is done about a field that was not sent."""

    def doubt(name, found):
        raise Doubtful

    def fill(name, found):
        found[name] = field.get_default()

    if field.default is not empty:
        return fill
    return doubt if field.required else (lambda name, found: None)


def _reader(field):
    """Return read(value) of a field, for a value that is not None."""
    if isinstance(field, serializers.ListSerializer):
        return _list(field)
    if isinstance(field, serializers.Serializer):
        return reader_of(field)
    if {type(one) for one in field.validators} <= KNOWN_VALIDATORS:
        for kind, make in KINDS.items():
            if type(field) is kind or (kind is serializers.DecimalField and _is_amount(field)):
                return make(field)
    return _asking(field)


def _is_amount(field):
    return isinstance(field, serializers.DecimalField) and field.decimal_places == 4 and field.max_digits >= 13


def _asking(field):
    def read(value):
        try:
            return field.run_validation(value)
        except serializers.ValidationError:
            raise Doubtful from None

    return read


def _list(field):
    read_one = reader_of(field.child)
    least = max(field.min_length or 0, 0 if field.allow_empty else 1)
    most = field.max_length

    def read(value):
        if type(value) is not list or len(value) < least or (most is not None and len(value) > most):
            raise Doubtful
        return [read_one(one) for one in value]

    return read


def _text(field):
    most, least, blank = field.max_length, field.min_length or 0, field.allow_blank
    trim = field.trim_whitespace

    def read(value):
        if type(value) is not str or not value.isprintable():
            raise Doubtful
        value = value.strip() if trim else value
        if (most is not None and len(value) > most) or len(value) < least or not (value or blank):
            raise Doubtful
        return value

    return read


def _number(field):
    least, most = field.min_value, field.max_value

    def read(value):
        if type(value) is not int or (least is not None and value < least) or (most is not None and value > most):
            raise Doubtful
        return value

    return read


def _amount(field):
    least, most = field.min_value, field.max_value
    step = Decimal("0.0001")

    def read(value):
        if type(value) is not str or not PLAIN_AMOUNT.fullmatch(value):
            raise Doubtful
        found = Decimal(value).quantize(step)
        if (least is not None and found < least) or (most is not None and found > most):
            raise Doubtful
        return found

    return read


def _choice(field):
    def read(value):
        if type(value) not in (str, int) or str(value) not in field.choice_strings_to_values:
            raise Doubtful
        return field.choice_strings_to_values[str(value)]

    return read


def _truth(field):
    def read(value):
        if type(value) is not bool:
            raise Doubtful
        return value

    return read


KINDS = {
    serializers.CharField: _text,
    serializers.IntegerField: _number,
    serializers.DecimalField: _amount,
    serializers.ChoiceField: _choice,
    serializers.BooleanField: _truth,
}
