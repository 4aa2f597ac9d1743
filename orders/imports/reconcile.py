"""What the file says against what stands in the database: per order, per kind of row, and in all."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from oms.lib.money import ZERO
from orders.imports.records import ADJUSTMENT, CHARGES, CREDITED_CHARGES, CREDITED_GOODS, GOODS, WRITE_OFF
from orders.models import AccountEntry, AccountLine, Order, OrderCharge, OrderLine


@dataclass
class Kind:
    """One kind of row: how many and what they are worth in the file, refused of these, and in the database."""

    rows: int = 0
    net: Decimal = ZERO
    refused_rows: int = 0
    refused_net: Decimal = ZERO
    taken_rows: int = 0
    taken_net: Decimal = ZERO

    @property
    def difference(self):
        """What of the file's value is neither taken nor refused; must be zero."""
        return self.net - self.refused_net - self.taken_net


def reconcile(channel, index):
    """Return ({kind of row: Kind}, [(key, net in the file, net in the database)] of those that differ).

    What is taken is read back from the database, not remembered from writing it. Where the channel's
    prices include tax, so do the amounts of the file, and "net" is what they come to with it.
    """
    kinds, differing = in_file(index), []
    stated = "gross" if channel.prices_include_tax else "net"
    for chunk in index.nets():
        keys = dict(chunk)
        taken = _nets(channel, keys, stated)
        differing += [(key, net, taken.get(key)) for key, net in keys.items() if taken.get(key) != net]
        for name, (rows, net) in _by_kind(channel, keys, stated):
            kinds[name].taken_rows += rows
            kinds[name].taken_net += net
    return dict(sorted(kinds.items())), differing


def in_file(index):
    """Return {kind of row: Kind} of the file alone; nothing is taken yet."""
    kinds = defaultdict(Kind)
    for name, (rows, net, refused_rows, refused_net) in index.totals().items():
        kinds[name] = Kind(rows, net, refused_rows, refused_net)
    return kinds


def _nets(channel, keys, stated):
    """Return {external id: net} of the orders and vouchers among `keys`."""
    found = {}
    for model, amount in ((Order, stated), (AccountEntry, "net")):
        rows = model.objects.filter(channel=channel, external_id__in=keys)
        found |= dict(rows.values_list("external_id", amount))
    return found


def _by_kind(channel, keys, stated):
    """Yield (kind, (rows, net)) of what the database has of `keys`."""
    orders = {"order__channel": channel, "order__external_id__in": keys}
    for name, rows in ((GOODS, OrderLine.objects.priced()), (CHARGES, OrderCharge.objects.all())):
        sums = rows.filter(**orders).aggregate(rows=Count("pk"), net=Sum(stated))
        if sums["rows"]:
            yield name, (sums["rows"], sums["net"])
    lines = AccountLine.objects.filter(entry__channel=channel, entry__external_id__in=keys).order_by()
    # A line of the voucher that undoes several order lines is several rows of one position.
    positions = lines.values("entry__kind", "kind", "entry_id", "position").annotate(net=Sum("net"))
    for row in positions:
        yield _kind(row["entry__kind"], row["kind"]), (1, row["net"])


def _kind(entry, line):
    if entry != AccountEntry.Kind.CREDIT:
        return ADJUSTMENT if entry == AccountEntry.Kind.ADJUSTMENT else WRITE_OFF
    return CREDITED_GOODS if line == AccountLine.Kind.GOODS else CREDITED_CHARGES
