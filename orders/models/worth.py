"""What some pieces of a line come to. Cumulative, so that the parts of a line always add up to it."""

from dataclasses import dataclass
from decimal import Decimal

from oms.lib.money import ZERO, quantise, spread


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
    """Return the Worth of the first `pieces` pieces of an order line; of a kit's part, its share of the kit.

    All pieces of a part come to its `price_share`; of fewer it asks the database what the kit's other parts are worth.
    """
    currency = line.order.currency
    if not line.is_part:
        return share(line, pieces, line.quantity, currency=currency)
    parts = [line] if pieces == line.quantity else list(line.parent.parts.all())
    return _of_part(line, pieces, line.parent, parts, currency)


def made_up(kit, parts, count, *, currency):
    """Return [(line, pieces, Worth)] of so many pieces of a kit's `parts` as `count(part)` says: the kit with the whole
    ones they make up, then each part with what it has over."""
    whole = min(count(part) // part.per_kit for part in parts)
    found = [(kit, whole, share(kit, whole, kit.quantity, currency=currency))]
    for part in parts:
        pieces, inside = count(part), whole * part.per_kit
        worth = NOTHING
        if pieces > inside:
            worth = _of_part(part, pieces, kit, parts, currency) - _of_part(part, inside, kit, parts, currency)
        found.append((part, pieces - inside, worth))
    return found


def worths(lines, count, *, currency):
    """Return [(priced line, the Worth of so many of its pieces as `count(line)` says)]; of a kit, of its parts."""
    parts, found = parts_of(lines), []
    for line in lines:
        if line.pk in parts:
            rows = made_up(line, parts[line.pk], count, currency=currency)
            found.append((line, total(worth for _, _, worth in rows)))
        elif not line.is_part:
            found.append((line, share(line, count(line), line.quantity, currency=currency)))
    return found


def parts_of(lines):
    """Return {kit's line id: its parts} among saved `lines`."""
    found = {}
    for line in lines:
        if line.parent_id:
            found.setdefault(line.parent_id, []).append(line)
    return found


def kept(line):
    """Return the pieces of a line that are not cancelled."""
    return line.quantity - line.cancelled


def kept_of(order, lines, charges):
    """Return ([(priced line, the Worth of its pieces that are not cancelled)], the charges that stand).

    Charges fall away with the last piece: an order of which nothing is left costs nothing.
    """
    priced = [line for line in lines if not line.is_part]
    if all(line.cancelled == line.quantity for line in priced):
        return [(line, NOTHING) for line in priced], []
    return worths(lines, kept, currency=order.currency), charges


def _of_part(part, pieces, kit, parts, currency):
    """Return the Worth of the first `pieces` of a kit's part. So many whole kits are shared out among the `parts`
    exactly, whatever the rounding; between two of them it goes by the piece."""
    gross = part.price_share
    if pieces < part.quantity:
        whole, over = divmod(pieces, part.per_kit)
        gross = _within(part, whole, kit, parts, currency)
        if over:
            more = _within(part, whole + 1, kit, parts, currency) - gross
            gross += quantise(more * over / part.per_kit, currency)
    tax = quantise(gross * kit.tax / kit.gross, currency) if kit.gross else ZERO
    return Worth(gross - tax, tax, gross)


def _within(part, kits, kit, parts, currency):
    """Return what of so many whole kits falls on one of its parts."""
    gross = share(kit, kits, kit.quantity, currency=currency).gross
    return spread(gross, [other.price_share for other in parts], currency)[parts.index(part)]
