"""Prices from a table: what a channel asks for a SKU from a quantity and a day on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from inventory.models import Sku
from oms.lib import cells
from oms.lib.errors import Invalid
from oms.lib.row_import import Table
from orders.models import Channel, Price


@dataclass(frozen=True)
class PriceRow:
    """`valid_from` None: from now on."""

    sku: str
    channel: str
    amount: Decimal
    min_qty: int
    valid_from: datetime | None


class Prices(Table):
    """The table of prices. A price that holds already is left; another one is added, valid from its day.

    Prices of the past stay, so that what an order cost can be explained; one of the same day is changed.
    """

    required = ("sku", "channel", "amount")
    known = ("sku", "channel", "amount", "min_qty", "valid_from")

    def __init__(self):
        self._now = timezone.now()
        self._channels = {channel.code.upper(): channel for channel in Channel.objects.all()}
        self._lines = {}

    def check(self, row):
        filled = {column: value for column, value in row.cells.items() if value}
        for column in self.required:
            if column not in filled:
                raise Invalid(f"{column}: is empty.", field=column)
        price = PriceRow(
            sku=cells.text(filled["sku"], "sku", max_length=40).upper(),
            channel=cells.text(filled["channel"], "channel", max_length=20).upper(),
            amount=cells.amount(filled["amount"], "amount"),
            min_qty=cells.whole(filled.get("min_qty", "1"), "min_qty"),
            valid_from=cells.day(filled["valid_from"], "valid_from") if "valid_from" in filled else None,
        )
        if price.channel not in self._channels:
            raise Invalid(f"channel: there is no channel {price.channel}.", field="channel")
        if price.min_qty < 1:
            raise Invalid("min_qty: from 1 piece on.", field="min_qty")
        first = self._lines.setdefault((price.sku, price.channel, price.min_qty, price.valid_from), row.line)
        if first != row.line:
            raise Invalid(f"sku: the same price stands in line {first} too.", field="sku")
        return price

    def take(self, rows):
        skus = Sku.objects.by_codes(row.sku for row in rows)
        for row in rows:
            if row.sku not in skus:
                raise Invalid(f"sku: there is no SKU {row.sku}; import it first.", field="sku")
        known = _known(skus.values())
        new, changed = [], []
        for row in rows:
            history = known.get((skus[row.sku].pk, self._channels[row.channel].pk, row.min_qty), [])
            price = self._wanted(row, skus[row.sku], history)
            if price:
                (changed if price.pk else new).append(price)
        Price.objects.bulk_create(new)
        Price.objects.bulk_update(changed, ["amount"])
        return {"created": len(new), "changed": len(changed), "unchanged": len(rows) - len(new) - len(changed)}

    def _wanted(self, row, sku, history):
        """Return the price to make or change, or None where `history` (by valid_from) says it already."""
        since = row.valid_from or self._now
        valid = [price for price in history if price.valid_from <= since]
        same_day = valid[-1] if valid and valid[-1].valid_from == since else None
        if valid and valid[-1].amount == row.amount:
            return None
        if same_day:
            same_day.amount = row.amount
            return same_day
        channel = self._channels[row.channel]
        return Price(channel=channel, sku=sku, min_qty=row.min_qty, amount=row.amount, valid_from=since)


def _known(skus):
    """Return {(sku id, channel id, min_qty): [Price]}, the oldest first."""
    found = {}
    for price in Price.objects.filter(sku__in=skus).order_by("valid_from"):
        found.setdefault((price.sku_id, price.channel_id, price.min_qty), []).append(price)
    return found
