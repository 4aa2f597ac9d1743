"""Money: Decimal in Python, whole 1/10,000 units in a BIGINT: sums and checks are exact everywhere."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

PLACES = 4
UNIT = Decimal("0.0001")
ZERO = Decimal("0")
# A BIGINT holds 922 trillion; a value near it is a mistake, not a price.
LIMIT = Decimal(10) ** 12


class AmountField(forms.DecimalField):
    """Asks for an amount, with a decimal point or comma, and shows one as people write it."""

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value


class MoneyField(models.BigIntegerField):
    """An amount with at most 4 decimals; the currency stands on the order.

    Raises ValidationError on more decimals than are kept: amounts are never rounded by storing them.
    """

    description = "amount of money"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(value).scaleb(-PLACES)

    def to_python(self, value):
        return None if value is None else exact(value)

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int(exact(value).scaleb(PLACES))

    def formfield(self, **kwargs):
        kwargs = {"max_digits": 16, "decimal_places": PLACES} | kwargs
        return models.Field.formfield(self, form_class=AmountField, **kwargs)

    @property
    def validators(self):
        return self._validators  # not those of BIGINT, whose bounds are in units

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))


def exact(value):
    """Return `value` as Decimal with 4 decimals; raises ValidationError when that would lose some."""
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
        kept = number.quantize(UNIT)
    except (ArithmeticError, ValueError, TypeError):
        raise ValidationError(f"{value!r} is not an amount of money.") from None
    if kept != number:
        raise ValidationError(f"{value} has more than {PLACES} decimals.")
    if abs(kept) >= LIMIT:
        raise ValidationError(f"{value} is too large an amount.")
    return kept


_STEPS = {}


def step(currency):
    """Return the smallest amount of `currency` (ISO 4217): 0.01 of EUR, 1 of JPY."""
    if currency not in _STEPS:
        _STEPS[currency] = Decimal(1).scaleb(-get_currency_precision(currency))
    return _STEPS[currency]


def quantise(amount, currency):
    """Return `amount` rounded half up to the smallest amount of `currency`."""
    return Decimal(amount).quantize(step(currency), rounding=ROUND_HALF_UP)


def spread(total, weights, currency):
    """Split `total` in proportion to `weights`, exactly: [Decimal], one a weight, summing to `total`.

    Largest remainder (Hamilton): each share is rounded down to the smallest amount of the currency,
    and what is left goes, one smallest amount each, to the largest remainders, the first of equals
    first. All weights zero: equal weights. No weights and a total that is not zero: ValueError.
    """
    unit = step(currency)
    weights = [Decimal(weight) for weight in weights]
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    if not weights:
        if total:
            raise ValueError("Nothing to spread over.")
        return []
    sign = -1 if total < 0 else 1
    units = abs(Decimal(total)) / unit
    if units != units.to_integral_value():
        raise ValueError(f"{total} is not a whole number of {unit} {currency}.")
    scale = sum(weights)
    raw = [units * weight / scale for weight in weights]
    shares = [int(share) for share in raw]
    rest = int(units) - sum(shares)
    by_remainder = sorted(range(len(raw)), key=lambda i: (shares[i] - raw[i], i))
    for i in by_remainder[:rest]:
        shares[i] += 1
    return [sign * share * unit for share in shares]


def split_tax(entered, rate, *, includes_tax, currency):
    """Return (net, tax, gross) of an amount that was entered net or gross; `rate` is a fraction.

    The entered side is exact, the other is rounded once.
    """
    if includes_tax:
        net = quantise(entered / (1 + rate), currency)
        return net, entered - net, entered
    tax = quantise(entered * rate, currency)
    return entered, tax, entered + tax


def plain(amount):
    """Return `amount` as people write it: "9.50", or "0.125" where it has more decimals."""
    cents = amount.quantize(Decimal("0.01"))
    return str(cents) if cents == amount else f"{amount.normalize():f}"


def show(amount, currency, locale="en"):
    """Return `amount` as a person reads it: "€9.50", in German "9,50 €"."""
    return _show(str(amount), currency, locale.replace("-", "_"))


@lru_cache(maxsize=5_000)  # of a text, as 0 equals -0
def _show(amount, currency, locale):
    return format_currency(amount, currency, locale=locale)
