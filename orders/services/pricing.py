"""From what was asked to lines, charges and totals, to the cent. Reads prices and taxes, writes nothing."""

import time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from inventory.models import Sku
from oms.lib.errors import Invalid
from oms.lib.money import LIMIT, quantise, split_tax, spread
from orders.models import Order, OrderCharge, OrderDiscount, OrderLine, TaxRate
from orders.services.price_book import AS_IT_IS
from orders.tax.regime import rate_of, regime

RATES_KEPT_S = 60
# A channel's tax that is this near to ours was taken at the rate of our table.
MOST_ROUNDING = Decimal("0.02")
HIGHEST_RATE = Decimal(99)
_rates = {}


class Priced:
    """Unsaved rows of one order: `lines` (kits followed by their parts), `charges`, `discounts`, totals."""

    def __init__(self, lines, charges, discounts, tax_note):
        self.lines, self.charges, self.discounts, self.tax_note = lines, charges, discounts, tax_note
        rows = [line for line in lines if not line.is_part] + charges
        self.net = sum((row.net for row in rows), Decimal(0))
        self.tax = sum((row.tax for row in rows), Decimal(0))
        self.gross = self.net + self.tax


def price(order_in, *, book=AS_IT_IS):
    """Return what `order_in` (cleaned) costs as a Priced; `book` knows the goods. Raises Invalid, naming the field."""
    skus = _skus(order_in.lines, book)
    unit_prices = _unit_prices(order_in, skus, book)
    lines = [_line(order_in, i, skus, unit_prices) for i in range(len(order_in.lines))]
    discounts = [OrderDiscount(code=d.code, name=d.name, amount=d.amount) for d in order_in.discounts]
    _spread_discounts(order_in, lines, discounts)
    rates, note = _taxes(order_in)
    for line, given in zip(lines, order_in.lines, strict=True):
        _tax_line(order_in, line, rates, stated=given.tax)
    charges = [_charge(order_in, charge, rates) for charge in order_in.charges]
    check_size(lines + charges)
    lines = _with_parts(lines, order_in.channel.currency, book)
    check_way(order_in.method, lines)
    priced = Priced(lines, charges, discounts, note)
    if priced.tax:
        priced.tax_note = ""  # the channel took tax where we would not have
    return _as_the_channel_says(order_in, priced)


def retax(order, lines, charges):
    """Set rates, net, tax and gross of an order's rows anew for where it goes now, at their own prices.

    Where the channel's own tax is kept, it stays in proportion to what the row costs. Parts of kits get their
    share of the kit's new gross. Discounts stay, at most the line's amount.
    """
    currency = order.channel.currency
    rates, note = _taxes(order)
    order.tax_note = "" if order.tax_is_stated and order.tax else note
    for line in (line for line in lines if not line.is_part):
        line.discount = min(line.discount, quantise(line.quantity * line.unit_price, currency))
        _tax_line(order, line, rates, stated=_kept(order, line, _entered(line, currency)))
        parts = [part for part in lines if part.parent_id == line.pk]
        shares = spread(line.gross, [part.price_share for part in parts], currency) if parts else []
        for part, share in zip(parts, shares, strict=True):
            part.price_share, part.tax_rate = share, line.tax_rate
    for charge in charges:
        if charge.kind != OrderCharge.Kind.ROUNDING:
            rate = rate_of(rates, region=order.ship_to.get("region", ""), tax_class="standard")
            entered = _side(order, charge)
            _tax(order, charge, entered, rate, stated=_kept(order, charge, entered))


def check_size(rows):
    """Raise Invalid when what priced `rows` come to is more than an amount of money can be."""
    if sum(abs(row.gross) for row in rows) >= LIMIT:
        raise Invalid(f"An order comes to less than {LIMIT:,}: mend its prices or pieces.", field="lines")


def check_way(method, lines):
    """Raise Invalid where goods are among `lines` (with the parts of kits) and have no way to the customer."""
    if method == Order.Method.DIGITAL and any(line.kind == Sku.Kind.PHYSICAL for line in lines):
        raise Invalid("Goods are no download: have them shipped or collected.", field="method")


def forget_rates():
    """Read the tax table anew at the next order; other processes do within a minute."""
    _rates.clear()


def _skus(lines, book):
    found = book.skus(line.sku for line in lines)
    for i, line in enumerate(lines):
        sku = found.get(line.sku.upper())
        if sku is None:
            raise Invalid(f"There is no SKU {line.sku}.", field=f"lines.{i}.sku")
        if not sku.is_active:
            raise Invalid(f"{sku} is not sold any more.", field=f"lines.{i}.sku")
    return found


def _unit_prices(order_in, skus, book):
    """Return {line index: unit price}, from the line itself or from the channel's price list."""
    given = {i: line.unit_price for i, line in enumerate(order_in.lines) if line.unit_price is not None}
    if len(given) == len(order_in.lines):
        return given
    asked = [skus[line.sku.upper()].pk for i, line in enumerate(order_in.lines) if i not in given]
    by_sku = book.prices(order_in.channel, asked)
    for i, line in enumerate(order_in.lines):
        if i not in given:
            given[i] = _list_price(by_sku.get(skus[line.sku.upper()].pk, []), line.quantity)
            if given[i] is None:
                text = f"{order_in.channel} has no price for {line.sku}; give one."
                raise Invalid(text, field=f"lines.{i}.unit_price")
    return given


def _list_price(rows, quantity):
    """Of prices in order of `valid_from`: the latest of each step, then the largest step reached."""
    latest = {row.min_qty: row.amount for row in rows if row.min_qty <= quantity}
    return latest[max(latest)] if latest else None


def _line(order_in, i, skus, unit_prices):
    line, sku = order_in.lines[i], skus[order_in.lines[i].sku.upper()]
    amount = quantise(line.quantity * unit_prices[i], order_in.channel.currency)
    if amount >= LIMIT:
        raise Invalid(f"A line comes to less than {LIMIT:,}: mend its price or pieces.", field=f"lines.{i}.unit_price")
    if line.discount > amount:
        raise Invalid("The discount is more than the line.", field=f"lines.{i}.discount")
    return OrderLine(
        position=(i + 1) * 100,
        sku=sku,
        sku_code=sku.code,
        name=line.name or sku.name,
        kind=sku.kind,
        external_id=line.external_id,
        quantity=line.quantity,
        unit_price=unit_prices[i],
        discount=quantise(line.discount, order_in.channel.currency),
        tax_class=sku.tax_class,
        personalisation=line.personalisation,
    )


def _entered(line, currency):
    return quantise(line.quantity * line.unit_price, currency) - line.discount


def _spread_discounts(order_in, lines, discounts):
    """Take order discounts off the lines, in proportion to what they still cost."""
    currency = order_in.channel.currency
    for i, discount in enumerate(discounts):
        amounts = [_entered(line, currency) for line in lines]
        if discount.amount <= 0 or discount.amount > sum(amounts):
            raise Invalid("A discount is more than nothing and at most the goods.", field=f"discounts.{i}.amount")
        discount.amount = quantise(discount.amount, currency)
        for line, share in zip(lines, spread(discount.amount, amounts, currency), strict=True):
            line.discount += share
            line.order_discount += share


def _taxes(order_in):
    """Return ({(region, class): rate} of the destination, the note for the invoice where none is due)."""
    seller, address = order_in.channel.seller, order_in.ship_to
    # What is collected or downloaded is supplied where the seller is, unless an address says otherwise.
    country = address.get("country") or seller.country
    found = regime(seller_country=seller.country, country=country, has_vat_id=bool(order_in.vat_id))
    if not found.is_taxed:
        return {}, found.note
    ordered_on = (order_in.ordered_at or timezone.now()).astimezone(ZoneInfo(seller.tz)).date()
    return _rates_of(country, ordered_on), ""


def _rates_of(country, day):
    """Return {(region, class): rate} on `day`; the table is read at most once a minute and process."""
    kept = _rates.get((country, day))
    if kept and kept[0] > time.monotonic():
        return kept[1]
    rows = TaxRate.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), country=country, valid_from__lte=day)
    rates = {(row.region, row.tax_class): row.rate for row in rows.order_by("valid_from")}
    if len(_rates) > 1000:
        _rates.clear()
    _rates[country, day] = time.monotonic() + RATES_KEPT_S, rates
    return rates


def _tax_line(order_in, line, rates, *, stated):
    rate = rate_of(rates, region=order_in.ship_to.get("region", ""), tax_class=line.tax_class)
    _tax(order_in, line, _entered(line, order_in.channel.currency), rate, stated=stated)


def _tax(order_in, row, entered, rate, *, stated):
    """Set rate, net, tax and gross of a row that was entered so; `stated` is the channel's own tax, or None."""
    includes_tax, currency = order_in.prices_include_tax, order_in.channel.currency
    row.tax_rate = rate
    row.net, row.tax, row.gross = split_tax(entered, rate, includes_tax=includes_tax, currency=currency)
    if stated is None:
        return
    ours, row.tax = row.tax, quantise(stated, currency)
    row.net = entered - row.tax if includes_tax else entered
    row.gross = row.net + row.tax
    if abs(ours - row.tax) > MOST_ROUNDING:
        row.tax_rate = min(round(row.tax / row.net, 5), HIGHEST_RATE) if row.net > 0 < row.tax else Decimal(0)


def _side(order, row):
    """Return the amount of a priced row that was entered: with tax or without."""
    return row.gross if order.prices_include_tax else row.net


def _kept(order, row, entered):
    """Return the channel's own tax of a row that costs `entered` now; None where the table's is taken."""
    if not order.tax_is_stated or row.pk is None:
        return None
    was = _side(order, row)
    return quantise(row.tax * entered / was, order.channel.currency) if was else row.tax


def _charge(order_in, charge, rates):
    rate = rate_of(rates, region=order_in.ship_to.get("region", ""), tax_class="standard")
    amount = quantise(charge.amount, order_in.channel.currency)
    row = OrderCharge(kind=charge.kind, name=charge.name or OrderCharge.Kind(charge.kind).label.capitalize())
    _tax(order_in, row, amount, rate, stated=charge.tax)
    return row


def _with_parts(lines, currency, book):
    """Return the lines with each kit followed by its parts, which hold the pieces but no price."""
    kits = [line.sku_id for line in lines if line.kind == Sku.Kind.KIT]
    if not kits:
        return lines
    parts_of = book.parts(kits)
    rows = []
    for line in lines:
        rows.append(line)
        if line.kind == Sku.Kind.KIT:
            rows += _parts(line, parts_of.get(line.sku_id), currency)
    return rows


def _parts(line, components, currency):
    if not components:
        raise Invalid(f"Kit {line.sku_code} has no components; mend it in the console.", field="lines")
    # What a part is worth of the kit: its cost, or where no cost is known its pieces.
    weights = [part.component.unit_cost * part.quantity for part in components]
    if not all(weights):
        weights = [part.quantity for part in components]
    return [
        OrderLine(
            position=line.position + i,
            parent=line,
            per_kit=part.quantity,
            price_share=share,
            sku=part.component,
            sku_code=part.component.code,
            name=part.component.name,
            kind=part.component.kind,
            quantity=line.quantity * part.quantity,
            tax_class=line.tax_class,
            tax_rate=line.tax_rate,
        )
        for i, (part, share) in enumerate(zip(components, spread(line.gross, weights, currency), strict=True), start=1)
    ]


def _as_the_channel_says(order_in, priced):
    """Keep the channel's own total and tax: what they differ by becomes a visible rounding charge."""
    gross = _difference(order_in, order_in.gross, priced.gross)
    tax = _difference(order_in, order_in.tax, priced.tax)
    if not gross and not tax:
        return priced
    rounding = OrderCharge(kind="rounding", name="Rounding", net=gross - tax, tax=tax, gross=gross)
    return Priced(priced.lines, [*priced.charges, rounding], priced.discounts, priced.tax_note)


def _difference(order_in, stated, ours):
    return Decimal(0) if stated is None else quantise(stated, order_in.channel.currency) - ours
