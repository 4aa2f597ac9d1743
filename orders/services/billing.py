"""Invoices and credit notes as unsaved rows: who, what, how much. Reads, writes nothing."""

from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from oms.lib.money import ZERO, quantise
from orders.models import CreditNote, CreditNoteLine, ExchangeRate, Invoice, InvoiceLine, Payment
from orders.models.worth import made_up, parts_of, share, total
from orders.services.billed import Billed
from orders.services.due import given_back_of
from orders.tax.regime import EU, EXPORT

SELLER_FIELDS = ("code", "legal_name", "address", "country", "vat_id", "iban", "bic", "register", "email", "phone")
ABROAD = "abroad"  # an export under no law of the EU
FOUR_PLACES = Decimal("0.0001")


def positions(order):
    """Return the unsaved InvoiceLines of what of `order` has left and is not invoiced yet.

    Charges go with the first goods. An amount is what the pieces come to so far less what was invoiced,
    so that all invoices of an order add up to it exactly.
    """
    billed, found = Billed(order), []
    for line, pieces, worth in _left(order):
        done, amount = billed.invoiced(line_id=line.pk)
        if pieces > done:
            found.append(_goods(order, line, pieces - done, worth - amount))
    for charge in order.charges.all() if found else []:
        if not billed.invoiced(charge_id=charge.pk)[0]:
            found.append(_extra(charge))
    for position, row in enumerate(found, start=1):
        row.position = position
    return found


def surplus(order):
    """Return a Billed that takes back what was invoiced and did not leave after all, of the newest invoices first.

    When nothing of the order is away, its charges are among it.
    """
    billed, left = Billed(order), _left(order)
    for line, pieces, _ in left:
        too_many = billed.invoiced(line_id=line.pk)[0] - pieces
        for row in reversed(billed.rows_of(line_id=line.pk)):
            taken = min(too_many, billed.left(row)[0])
            if taken > 0:
                billed.take(row, taken, billed.worth_of(row, taken))
                too_many -= taken
    if billed.taken and not any(pieces for _, pieces, _ in left):
        for row in billed.rows:
            if row.charge_id and billed.left(row)[0]:
                billed.take(row, row.quantity, billed.left(row)[1])
    return billed


def _left(order):
    """Return [(line, pieces, Worth)] of what has left and can be billed.

    Of a kit that is whole kits; parts go by themselves once no more will come to complete them.
    """
    lines, found = list(order.lines.all()), []
    parts = parts_of(lines)
    for line in lines:
        if line.pk in parts:
            away = made_up(line, parts[line.pk], lambda part: part.shipped, currency=order.currency)
            is_open = any(part.open_quantity for part in parts[line.pk])
            found += [(row, 0 if row.is_part and is_open else pieces, worth) for row, pieces, worth in away]
        elif not line.is_part:
            found.append((line, line.shipped, share(line, line.shipped, line.quantity, currency=order.currency)))
    return found


def bill(model, order, rows, **fields):
    """Return the unsaved bill of `model` with the sums of `rows` and the parties of `order` as they are now.

    Number and date are still missing: see `number`.
    """
    seller = order.channel.seller
    return model(
        order=order,
        seller=seller,
        locale=order.locale,
        currency=order.currency,
        tax_note=ABROAD if order.tax_note == EXPORT and seller.country not in EU else order.tax_note,
        seller_as_was={name: getattr(seller, name) for name in SELLER_FIELDS},
        buyer=order.invoice_address | {"vat_id": order.vat_id},
        ship_to=order.ship_to,
        **vars(total(rows)),
        **fields,
    )


def number(row, *, series, number, moment):
    """Give an unsaved bill its number and date, which were taken behind the lock of its series."""
    row.series, row.number, row.code = series, number, series.code(number)
    row.issued_at = moment
    row.issued_on = moment.astimezone(ZoneInfo(row.seller.tz)).date()


def state_home_tax(row, day):
    """State the tax of an unsaved bill in the seller's home currency too, by the rate of `day`, where they differ.

    Without a rate the currency alone is noted: goods do not wait for it, and the console asks for it.
    """
    home = row.seller.home_currency
    if home == row.currency or not row.tax:
        return
    row.home_currency = home
    row.home_rate = ExchangeRate.objects.on(day, currency=row.currency, home=home)
    if row.home_rate:
        row.home_tax = quantise(row.tax * row.home_rate, home)


def covered(order, gross):
    """Return how much of a new invoice of `gross` the payments of `order` cover, earlier invoices first.

    What was given back of the price and stands on no credit note (goodwill before the goods left) is owed no
    more, so it counts as paid.
    """
    notes = CreditNote.objects.filter(order=order)
    sums = notes.aggregate(all=Sum("gross"), price=Sum("gross", filter=Q(cause=CreditNote.Cause.PRICE)))
    invoices = Invoice.objects.filter(order=order).aggregate(sum=Sum("gross"))["sum"]
    earlier = (invoices or ZERO) - (sums["all"] or ZERO)
    unstated = max(given_back_of(order) - (sums["price"] or ZERO), ZERO)
    return max(min(Payment.objects.totals(order).covered + unstated - earlier, gross), ZERO)


def credit_rows(billed):
    """Return the unsaved CreditNoteLines of what was taken from `billed`."""
    return [
        CreditNoteLine(
            position=position,
            invoice_line=row,
            line_id=row.line_id,
            charge_id=row.charge_id,
            sku_code=row.sku_code,
            name=row.name,
            quantity=pieces,
            unit_net=(worth.net / pieces).quantize(FOUR_PLACES, rounding=ROUND_HALF_UP) if pieces else worth.net,
            tax_rate=row.tax_rate,
            **vars(worth),
        )
        for position, (row, pieces, worth) in enumerate(billed.taken, start=1)
    ]


def _goods(order, line, pieces, worth):
    """Return the row of `pieces` of an order line; unit price and discount are stated without tax."""
    unit = line.unit_price / (1 + line.tax_rate) if order.prices_include_tax else line.unit_price
    unit = worth.net / pieces if line.is_part else unit
    unit = unit.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)
    return InvoiceLine(
        line=line,
        sku_code=line.sku_code,
        name=line.name,
        quantity=pieces,
        unit_net=unit,
        discount=quantise(unit * pieces, order.currency) - worth.net if line.discount else ZERO,
        tax_rate=line.tax_rate,
        **vars(worth),
    )


def _extra(charge):
    worth = total([charge])
    return InvoiceLine(
        charge=charge, name=charge.name, quantity=1, unit_net=worth.net, tax_rate=charge.tax_rate, **vars(worth)
    )
