"""What a customer is told of the lines of his order, and of its money."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from orders.models.worth import parts_of, total


@dataclass(frozen=True)
class LineTold:
    """A priced line; `fate` says in words what became of its pieces where that is not the same for all.

    `missing` and `to_follow` count pieces (of a kit: kits): not in stock, and not yet sent or cancelled.
    """

    name: str
    code: str
    personalisation: str
    quantity: int
    amount: str
    fate: str
    missing: int
    to_follow: int
    parts: tuple


@dataclass(frozen=True)
class Sum:
    label: str
    amount: str
    is_total: bool = False


def told_lines(order, lines, kept, reader, missing):
    """Return the LineTold of the priced ones of `lines`, which `kept` has with the Worth of what is not cancelled;
    `missing` is {leaf line id: pieces not in stock}."""
    parts = parts_of(lines)
    return tuple(_told(order, line, worth, parts.get(line.pk, []), reader, missing) for line, worth in kept)


def _told(order, line, worth, parts, reader, missing):
    amount = worth.gross if order.prices_include_tax else worth.net
    short = max((ceil(missing.get(part.pk, 0) / part.per_kit) for part in parts), default=missing.get(line.pk, 0))
    to_follow = max((ceil(part.open_quantity / part.per_kit) for part in parts), default=line.open_quantity)
    is_torn = any(part.cancelled > line.cancelled * part.per_kit for part in parts)
    return LineTold(
        name=line.name,
        code=line.sku_code,
        personalisation=line.personalisation,
        quantity=line.quantity,
        amount=reader.money(amount, order.currency),
        fate=_fate(line, short, to_follow),
        missing=short,
        to_follow=to_follow,
        parts=tuple(_part(part, is_torn=is_torn) for part in parts),
    )


def _part(part, *, is_torn):
    """Return "2 × Cup", and of a kit that stays incomplete what became of it: "2 × Cup: 1 cancelled"."""
    fate = _fate(part, 0, part.open_quantity) if is_torn else ""
    return f"{part.quantity} × {part.name}: {fate}" if fate else f"{part.quantity} × {part.name}"


def _fate(line, missing, to_follow):
    """Return "1 cancelled · 2 shipped · 3 to follow"; "" while nothing has become of it."""
    said = []
    if line.cancelled:
        said.append(_("%(n)s cancelled") % {"n": line.cancelled})
    if line.returned:
        said.append(_("%(n)s returned") % {"n": line.returned})
    if line.shipped:
        said.append(_("%(n)s shipped") % {"n": line.shipped})
    if to_follow and line.shipped:
        said.append(_("%(n)s to follow") % {"n": to_follow})
    if missing:
        said.append(_("%(n)s not in stock") % {"n": missing})
    return " · ".join(said)


def told_sums(order, kept, charges, reader):
    """Yield what the total is made of now, by `kept_of`; amounts are with tax where the order's prices are."""
    side = "gross" if order.prices_include_tax else "net"
    worths = [worth for _, worth in kept]
    whole = total([*worths, *charges])

    def amount(value):
        return reader.money(value, order.currency)

    yield Sum(_("Goods"), amount(sum(getattr(worth, side) for worth in worths)))
    for charge in charges:
        yield Sum(charge_words(charge), amount(getattr(charge, side)))
    if not order.prices_include_tax:
        yield Sum(_("Tax"), amount(whole.tax))
    yield Sum(_("Total"), amount(whole.gross), is_total=True)
    if order.prices_include_tax and whole.tax:
        yield Sum(_("Tax included"), amount(whole.tax))


def charge_words(charge):
    """Return what a charge is called: its channel's name for it, else ours in the active language."""
    words = {"shipping": _("Shipping"), "fee": _("Fee"), "tip": _("Tip"), "duty": _("Duty"), "rounding": _("Rounding")}
    is_ours = charge.name in ("", charge.get_kind_display().capitalize())
    return words[charge.kind] if is_ours else charge.name
