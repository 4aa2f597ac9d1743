"""What some pieces of a line come to. Cumulative, so that the parts of a line always add up to it."""

from dataclasses import dataclass
from decimal import Decimal

from oms.lib.money import ZERO, quantise


@dataclass(frozen=True)
class Worth:
    """An amount in the order's currency; net + tax = gross."""

    net: Decimal
    tax: Decimal
    gross: Decimal

    def __add__(self, other):
        return Worth(self.net + other.net, self.tax + other.tax, self.gross + other.gross)

    def __sub__(self, other):
        return Worth(self.net - other.net, self.tax - other.tax, self.gross - other.gross)


NOTHING = Worth(ZERO, ZERO, ZERO)


def total(rows):
    """Return the sum of what has `net`, `tax` and `gross`: lines, charges, other Worths."""
    return sum((Worth(row.net, row.tax, row.gross) for row in rows), NOTHING)


def share(row, part, whole, *, currency):
    """Return the Worth of the first `part` of `whole` equal pieces of `row`; all of them: exactly the row."""
    if part == whole:
        return Worth(row.net, row.tax, row.gross)
    gross = quantise(row.gross * part / whole, currency)
    tax = quantise(row.tax * part / whole, currency)
    return Worth(gross - tax, tax, gross)


def worth_of(line, pieces):
    """Return the Worth of the first `pieces` pieces of an order line; of a kit's part, its share of the kit."""
    currency = line.order.currency
    if not line.is_part:
        return share(line, pieces, line.quantity, currency=currency)
    gross = quantise(line.price_share * pieces / line.quantity, currency)
    kit = line.parent
    tax = quantise(gross * kit.tax / kit.gross, currency) if kit.gross else ZERO
    return Worth(gross - tax, tax, gross)


def kept_of(order, lines, charges):
    """Return ([(priced line, the Worth of its pieces that are not cancelled)], the charges that stand).

    Charges fall away with the last piece: an order of which nothing is left costs nothing.
    """
    priced = [line for line in lines if not line.is_part]
    if all(line.cancelled == line.quantity for line in priced):
        return [(line, NOTHING) for line in priced], []
    kept = [share(line, line.quantity - line.cancelled, line.quantity, currency=order.currency) for line in priced]
    return list(zip(priced, kept, strict=True)), charges
