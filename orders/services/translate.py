"""From what a channel's document says of an order to what is placed here, amount by amount."""

from decimal import ROUND_UP, Decimal

from django.db.models.functions import Upper

from inventory.models import Sku
from oms.lib.among import among
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import UNIT, ZERO, quantise, spread
from orders.models import Order
from orders.services.countries import country_code
from orders.services.intake import ChargeIn, DiscountIn, LineIn, OrderIn, clean_email
from orders.services.ordered_at import of_channel

MOST_CODE = 100


class UnknownSkus(DomainError):
    """Lines whose SKU nobody knows here; `found` is {their code: their name}."""

    def __init__(self, found):
        super().__init__(f"Not known here: {', '.join(found)}. Map it and the order is placed.", field="lines.sku")
        self.found = found


def order_in_of(connection, channel, read, *, known=None):
    """Return the OrderIn that an IncomingOrder of `connection` is, for `channel`; raises UnknownSkus and Invalid.

    `known` is what `known_skus` says of its lines, where it was asked for many orders at once.
    """
    lines = [line for line in read.lines if line.quantity]
    known = known_skus(connection, {code_of(line) for line in lines}) if known is None else known
    lines = _without_doubles(lines, known)
    skus = _all_known(lines, known)
    includes_tax = _includes_tax(read, lines, channel)
    taxes = _taxes(read, lines, includes_tax, channel.currency)
    is_digital = bool(lines) and not any(line.is_shipped for line in lines)
    return OrderIn(
        channel=channel,
        external_id=read.external_id,
        external_number=read.number[:60],
        lines=[_line(i, line, skus, taxes, channel.currency) for i, line in enumerate(lines)],
        charges=_charges(read, taxes, len(lines)),
        discounts=_discounts(read, lines, channel.currency),
        email=email_of(read),
        phone=phone_of(read),
        ship_to=ship_to_of(read),
        bill_to=address_of(read.bill_to),
        method=Order.Method.DIGITAL if is_digital else Order.Method.STANDARD,
        customer_note=read.note[:1000],
        ordered_at=of_channel(read.ordered_at),
        gross=gross_of(read),
        tax=read.tax if taxes else None,
        prices_include_tax=includes_tax,
        is_lenient=True,
    )


def gross_of(read):
    """Return what an order costs: what is owed, and what gift cards pay where the platform took that off.

    A piece of an order need not say, nor one to which the tax is to be added here, and a spreadsheet without taxes
    cannot.
    """
    if read.is_net or (read.total is None and (read.is_partial or read.is_summed_here)):
        return None
    if read.total is None:
        raise Invalid("The order does not say what it costs.", field="total")
    return read.total + read.gift_cards


def address_of(address):
    """Return an Address as a dict, its country as ISO 3166 code where it is known by another name."""
    found = address.as_dict()
    if found.get("country"):
        found["country"] = country_code(found["country"]) or found["country"]
    return found


def ship_to_of(read):
    """Return where the goods go: to the payer where nothing else is said."""
    said = address_of(read.ship_to)
    return said if set(said) - {"country", "phone", "region"} else address_of(read.bill_to) or said


def email_of(read):
    """Return the e-mail address; what is none ("Invalid Request", where a marketplace hides it) is left out."""
    try:
        return clean_email(read.email)
    except Invalid:
        return ""


def phone_of(read):
    """Return the phone number; what has no digit ("n/a") is none."""
    phone = read.phone or read.ship_to.phone or read.bill_to.phone
    return phone if any(char.isdigit() for char in phone) else ""


def code_of(line):
    """Return what the channel calls the goods of a line; without a SKU, its name."""
    return " ".join((line.sku or f"name:{line.name}").split())[:MOST_CODE]


def known_skus(connection, codes):
    """Return {upper code: Sku} of a channel's known `codes`, by what was mapped first, then by our own codes."""
    upper = {code.upper() for code in codes}
    aliases = connection.aliases.filter(sku__isnull=False).annotate(upper_code=Upper("code")).select_related("sku")
    mapped = {alias.upper_code: alias.sku for alias in aliases.filter(among("upper_code", upper))}
    return Sku.objects.by_codes(codes) | mapped


def _all_known(lines, known):
    """Return {code of a line: Sku}; raises UnknownSkus."""
    names = {code_of(line): line.name for line in lines}
    unknown = {code: name for code, name in names.items() if code.upper() not in known}
    if unknown:
        raise UnknownSkus(unknown)
    return {code: known[code.upper()] for code in names}


def pieces_of(line, field="lines.quantity"):
    """Return how many pieces a line is of; raises Invalid for a part of one."""
    if line.quantity != line.quantity.to_integral_value() or line.quantity < 0:
        raise Invalid(f"{line.quantity} is no number of pieces.", field=field)
    return int(line.quantity)


def _without_doubles(lines, known):
    """Return the lines with each bundle once, as a whole where it is a kit here, which brings its own parts.

    Some platforms price the bundle, some its parts, and some both, the parts adding up to the bundle.
    """
    parts_of = {}
    for line in lines:
        parts_of.setdefault(line.parent_id, []).append(line)
    dropped = []
    for line in lines:
        parts = parts_of.get(line.external_id, []) if line.external_id else []
        price = sum(map(_entered, parts), ZERO)
        sku = known.get(code_of(line).upper())
        if sku and sku.is_kit and price in (0, _entered(line)):
            dropped += parts
        elif sku and sku.is_kit and parts:
            raise Invalid(f"The parts of {line.name}, a kit here, have a price of their own.", field="lines.amount")
        elif parts and price and price == _entered(line):
            dropped.append(line)
    return [line for line in lines if not any(line is one for one in dropped)]


def _amount(line):
    if line.amount is not None:
        return line.amount
    return None if line.unit_price is None else line.unit_price * line.quantity


def _entered(line):
    return (_amount(line) or ZERO) - line.discount


def _includes_tax(read, lines, channel):
    """Say whether amounts include tax; where the document does not, by which way they add up to the total."""
    if read.prices_include_tax is not None or not read.tax or read.is_partial or read.is_summed_here:
        return channel.prices_include_tax if read.prices_include_tax is None else read.prices_include_tax
    entered = sum(map(_entered, lines), ZERO) + sum((charge.amount for charge in read.charges), ZERO)
    off = gross_of(read) - entered + read.order_discount
    return abs(off) <= abs(off - read.tax)


def _taxes(read, lines, includes_tax, currency):
    """Return the channel's own tax of each line, then of each charge; [] where it does not say, and the table does.

    A channel that says only the tax of the whole has it spread over what costs something.
    """
    stated = [row.tax for row in (*lines, *read.charges)]
    if any(stated) or not stated:
        return stated
    if includes_tax and not read.tax:
        return []  # marketplaces say nothing of the tax in their prices
    if not read.tax:
        return stated if read.tax is not None else []
    entered = [*map(_entered, lines), *(charge.amount for charge in read.charges)]
    return spread(quantise(read.tax, currency), [max(amount, ZERO) for amount in entered], currency)


def _line(i, line, skus, taxes, currency):
    """Return the LineIn of a line; what its price per piece, at 4 decimals, is too much is discount."""
    pieces, amount, discount = pieces_of(line, f"lines.{i}.quantity"), _amount(line), line.discount
    if amount is not None and discount < 0:
        amount, discount = amount - discount, ZERO  # the shop raised the price
    unit_price = None
    if amount is not None:
        unit_price = (amount / pieces).quantize(UNIT, rounding=ROUND_UP)
        discount += max(quantise(unit_price * pieces, currency) - quantise(amount, currency), ZERO)
    return LineIn(
        sku=skus[code_of(line)].code,
        quantity=pieces,
        unit_price=unit_price,
        discount=discount,
        name=line.name[:200],
        external_id=line.external_id[:60],
        personalisation=line.personalisation[:500],
        tax=taxes[i] if taxes else None,
    )


def _charges(read, taxes, first):
    return [
        ChargeIn(charge.kind, charge.amount, charge.name[:100], tax=taxes[first + i] if taxes else None)
        for i, charge in enumerate(read.charges)
        if charge.amount or charge.tax
    ]


def _discounts(read, lines, currency):
    """Return the discount of the whole order, at most the goods: what is off the shipping is in the total."""
    most = sum((max(quantise(_entered(line), currency), Decimal(0)) for line in lines), ZERO)
    amount = min(quantise(read.order_discount, currency), most)
    return [DiscountIn(amount)] if amount > 0 else []
