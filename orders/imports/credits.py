"""Writes vouchers that are no orders; a credit undoes the customer's earlier order lines where they match."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from oms.lib import bulk
from oms.lib.commands import command
from oms.lib.errors import Retry
from orders.imports import needed, undoing
from orders.imports.matching import Bought, match
from orders.models import AccountEntry, AccountLine, Order, OrderLine

Effect = AccountLine.Effect


@command
def write(channel, records, *, skus, actor):
    """Write those of `records` (EntryRecord) that the channel does not have yet, in one transaction.

    Returns how many are new. Goods that a customer's credit takes back are matched, in the order of
    `records`, to what he bought before: on the same day it is a cancellation, later a return.
    """
    known = existing(channel, [record.external_id for record in records])
    new = [record for record in records if record.external_id not in known]
    customers = needed.make_customers(channel, [record.customer for record in new if record.customer])
    entries = [_entry(channel, record, customers) for record in new]
    try:
        bulk.insert(entries)
    except IntegrityError as error:
        if "external_id" not in str(error):  # both databases name the columns of a key that is taken
            raise
        raise Retry("Another import wrote one of these vouchers just now.") from error
    bought = _bought(channel, entries, new, skus)
    lines = [line for entry, record in zip(entries, new, strict=True) for line in _lines(entry, record, bought, skus)]
    bulk.insert(lines)
    undoing.undo(channel, [line for line in lines if line.effect])
    return len(new)


def existing(channel, external_ids):
    """Return the set of `external_ids` that the channel has a voucher of."""
    found = AccountEntry.objects.filter(channel=channel, external_id__in=external_ids)
    return set(found.values_list("external_id", flat=True))


def _entry(channel, record, customers):
    customer = record.customer
    return AccountEntry(
        channel=channel,
        external_id=record.external_id,
        kind=record.kind,
        customer_id=customers.get(needed.customer_key(channel, customer)) if customer else None,
        currency=channel.currency,
        net=record.net,
        at=record.at,
    )


def _is_return(entry, line):
    return entry.kind == AccountEntry.Kind.CREDIT and entry.customer_id and line.kind == "goods" and line.quantity < 0


def _bought(channel, entries, records, skus):
    """Return {(customer, sku): [Bought]} of all that these credits may undo, its orders and lines locked."""
    wanted = {
        (entry.customer_id, skus[line.code.upper()].pk)
        for entry, record in zip(entries, records, strict=True)
        for line in record.lines
        if _is_return(entry, line)
    }
    lines = OrderLine.objects.filter(
        order__channel=channel,
        order__origin=Order.Origin.IMPORT,
        order__customer__in={customer for customer, _ in wanted},
        sku__in={sku for _, sku in wanted},
        shipped__gt=0,
    ).values_list("order__customer_id", "sku_id", "pk", "order_id", "order__ordered_at")
    found = [row for row in lines if row[:2] in wanted]
    left = _lock({row[3] for row in found}, {row[2] for row in found})
    bought = defaultdict(list)
    for customer, sku, line, order, at in found:
        bought[customer, sku].append(Bought(line=line, order=order, at=at, left=left[line]))
    return bought


def _lock(orders, lines):
    """Lock these orders, then these lines; return {line: pieces that can still come back}."""
    for _ in Order.objects.filter(pk__in=orders).order_by("pk").select_for_update(of=("self",)).values_list("pk"):
        pass
    locked = OrderLine.objects.filter(pk__in=lines).order_by("pk").select_for_update(of=("self",))
    return {line.pk: line.returnable for line in locked}


def _lines(entry, record, bought, skus):
    """Return the AccountLines of a voucher; a line that undoes several becomes as many, of one position."""
    rows = []
    for position, line in enumerate(record.lines, start=1):
        taken = []
        if _is_return(entry, line):
            taken = match(-line.quantity, record.at, bought[entry.customer_id, skus[line.code.upper()].pk])
        for one, pieces in taken:
            effect = Effect.CANCELLED if _same_day(entry.channel, one.at, record.at) else Effect.RETURNED
            rows.append(_line(entry, position, line, quantity=-pieces, effect=effect, order_line_id=one.line))
        if not taken:
            rows.append(_line(entry, position, line, quantity=line.quantity))
    return rows


def _line(entry, position, line, *, quantity, **undoes):
    return AccountLine(
        entry=entry,
        position=position,
        kind=line.kind,
        code=line.code,
        name=line.name,
        quantity=quantity,
        unit_price=line.unit_price,
        net=quantity * line.unit_price,
        **undoes,
    )


def _same_day(channel, *moments):
    zone = ZoneInfo(channel.seller.tz)
    return len({at.astimezone(zone).date() for at in moments}) == 1
