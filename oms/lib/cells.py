"""What a cell of a table may hold."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from oms.lib.errors import Invalid
from oms.lib.text import check_text

YES = {"1", "yes", "true", "y", "x", "ja"}
NO = {"0", "no", "false", "n", "nein"}


def text(value, column, *, max_length):
    """Return `value`; raises Invalid when it is too long or not clean."""
    return check_text(value, max_length=max_length, field=column)


def whole(value, column, *, most=100_000_000):
    """Return `value` as a number of pieces, grams or millimetres."""
    if not (value.isascii() and value.isdigit()) or int(value[:12]) > most or len(value) > 12:
        raise Invalid(f"{column}: {value!r} is not a whole number from 0 to {most:,}.", field=column)
    return int(value)


def amount(value, column):
    """Return `value` as a Decimal of at most four decimals; 1.5 and 1,5 are one."""
    try:
        number = Decimal(value.replace(",", "."))
        if not 0 <= number < 10**9 or number != round(number, 4):
            raise InvalidOperation
    except InvalidOperation:
        raise Invalid(f"{column}: {value!r} is not an amount with at most 4 decimals.", field=column) from None
    return number


def yes_or_no(value, column):
    if value.lower() not in YES | NO:
        raise Invalid(f"{column}: write yes or no, not {value!r}.", field=column)
    return value.lower() in YES


def day(value, column):
    """Return the first moment of the day `value` (YYYY-MM-DD), UTC."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid(f"{column}: write a day as YYYY-MM-DD, not {value!r}.", field=column) from None


def choice(value, column, choices):
    if value.lower() not in choices:
        raise Invalid(f"{column}: {value!r} is none of {', '.join(choices)}.", field=column)
    return value.lower()


def numbered(value, column, *, max_length):
    """Return {upper code: number} of "A:1|B:2"; a code without a number counts one."""
    found = {}
    for part in filter(None, (part.strip() for part in value.split("|"))):
        code, _, number = part.rpartition(":") if ":" in part else (part, "", "1")
        code = text(code, column, max_length=max_length).upper()
        pieces = whole(number.strip(), column, most=100_000)
        if not code or not pieces or code in found:
            raise Invalid(f"{column}: write CODE:pieces|CODE:pieces, each code once, not {value!r}.", field=column)
        found[code] = pieces
    return found
