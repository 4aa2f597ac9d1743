"""Many orders come in at once: each is placed as `place` would, at a fraction of what it costs alone.

They are read, priced and sourced in memory, one after the other on the stock that those before left, and
written together, stock last. What is not plain sailing (pieces are missing, a location's day is nearly full,
the same order comes twice, somebody took the stock meanwhile) is placed by `place` itself, in its turn.
"""

from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction

from inventory.models import Sku
from inventory.services import stock
from inventory.services.availability import available
from oms.lib import bulk
from oms.lib.chunks import chunks
from oms.lib.errors import DomainError, Retry
from oms.lib.insert import insert
from oms.outbox.models import Event
from oms.outbox.publish import publish_all
from orders.models import Allocation, Order
from orders.services import allocate, capacity, pay_given, place, search
from orders.services.customers import customers_of
from orders.services.intake import OrderIn
from orders.services.network import network
from orders.services.price_book import ReadOnce
from orders.services.pricing import Priced
from orders.sourcing.plan import Search

# In one transaction: more would be little cheaper, hold hot SKUs longer and lose more work to a conflict.
TOGETHER = 100


@dataclass
class _Ready:
    """An order that only waits to be written: its rows in memory. `at` is its place in the list.

    Without rows it came in before in the same list, and is placed alone.
    """

    at: int
    order_in: OrderIn
    order: Order | None = None
    priced: Priced | None = None
    paid: list = field(default_factory=list)
    rows: list[Allocation] = field(default_factory=list)
    found: Search | None = None


def place_many(orders_in, *, actor="system"):
    """Place `orders_in` (OrderIn) as if by `place`, in their order; returns an Order or what was wrong, for each.

    What was wrong is a DomainError, or Retry where others took the stock again and again; it does not keep the
    others from being placed. TOGETHER are committed at once, so that an exception leaves whole orders: a second
    call finds them as `place` does (`is_new`). A constant number of statements, but for what is no plain sailing.
    """
    found = []
    for some in chunks(orders_in, TOGETHER):
        found += _Together(some, actor).place()
    return found


class Remaining(allocate.Shelves):
    """The stock and the days that orders leave which are sourced but not written yet; read once."""

    def __init__(self, sku_ids):
        self._skus = sku_ids
        self.read()

    def read(self):
        """Forget what was taken, and read anew."""
        self._full, self._left = {}, {sku_id: {} for sku_id in self._skus}
        for (sku_id, location_id), pieces in available(self._skus).items():
            self._left[sku_id][location_id] = pieces

    def take(self, rows):
        """Leave less by the pieces of allocations `rows`."""
        for (sku_id, location_id), pieces in allocate.tracked(rows).items():
            self._left[sku_id][location_id] -= pieces

    def available(self, demand, places, *, now):
        return {(sku, at): n for sku in demand for at, n in self._left[sku].items() if at in places}

    def full(self, order, places, *, now):
        asked = order.method == Order.Method.PICKUP, *(place.pk for place in places)
        if asked not in self._full:
            self._full[asked] = capacity.full(order, places, now=now)
        return self._full[asked]


class _Together:
    """Orders that are committed together, and what became of each."""

    def __init__(self, orders_in, actor):
        self.orders_in, self.actor = orders_in, actor
        self.first = {_name(order_in): at for at, order_in in reversed([*enumerate(orders_in)])}
        self.results = [None] * len(orders_in)
        self.ready = []

    def place(self):
        """Place them all; returns the results."""
        known = _known(self.orders_in)
        book = ReadOnce([order_in for order_in in self.orders_in if _name(order_in) not in known])
        read = [self._read(at, book, known) for at in range(len(self.orders_in))]
        leaves = [line for each in read if each and each.priced for line in each.priced.lines]
        self.shelves = Remaining({line.sku_id for line in leaves if line.kind == Sku.Kind.PHYSICAL})
        for each in read:
            if each and not self._source(each):
                self._write()
                self._singly(each)
                self.shelves.read()
        self._write()
        return self.results

    def _read(self, at, book, known):
        """Return the _Ready of an order, not sourced yet; None where the result is there already."""
        order_in = self.orders_in[at]
        if self.first[_name(order_in)] < at:
            return _Ready(at, order_in)
        try:
            if _name(order_in) in known:
                self.results[at] = known[_name(order_in)]
                return None
            priced = place.read(order_in, book=book)
            return _Ready(at, order_in, place.build(order_in, priced, customer=None), priced)
        except DomainError as error:
            self.results[at] = error
            return None

    def _source(self, each):
        """Choose where the order comes from and make it ready; False where it must be placed alone."""
        if each.priced is None:
            return False
        order, leaves = each.order, [line for line in each.priced.lines if line.kind != "kit"]
        try:
            each.found, digital = allocate.choose(order, leaves, shelves=self.shelves)
            if each.found.best.missing:
                return False
            each.rows, _ = place.settle(order, leaves, each.found, digital)
            if _is_limited(each.rows):
                return False
            each.paid = pay_given.check(order, each.order_in.payments)
        except DomainError:
            return False
        self.shelves.take(each.rows)
        self.ready.append(each)
        return True

    def _write(self):
        """Write what is ready, or place each of it alone when that cannot be."""
        ready, self.ready = self.ready, []
        if not ready:
            return
        try:
            with transaction.atomic():
                write(ready, actor=self.actor)
        except (DatabaseError, Retry):
            for each in ready:
                self._singly(each)
            self.shelves.read()
            return
        for each in ready:
            self.results[each.at] = each.order

    def _singly(self, each):
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                self.results[each.at] = place.place(each.order_in, actor=self.actor)
        except (DomainError, Retry) as error:
            self.results[each.at] = error


def write(ready, *, actor):
    """Write orders that are `ready` ([_Ready]) with all their rows, tell the world, and reserve, last.

    Raises IntegrityError when the twin of one was faster, Retry when stock is gone since it was looked at.
    """
    orders = [each.order for each in ready]
    for order, customer in zip(orders, customers_of([each.order_in for each in ready]), strict=True):
        order.customer = customer
    bulk.number(orders)
    paid = [row for each in ready for row in each.paid]
    pay_given.number(paid, actor=actor)
    events = [event for each in ready for event in _news(each, actor)]
    bulk.insert(orders)
    place.write_lines([(each.order, each.priced) for each in ready])
    insert([row for each in ready for row in each.rows])
    insert([allocate.decide(each.order, each.found) for each in ready if each.found.best.sites])
    insert([key for each in ready for key in search.keys_of(each.order, each.priced.lines)])
    pay_given.write(paid)
    publish_all(events)
    stock.reserve_many([_wish(each) for each in ready], actor=actor)


def _news(each, actor):
    """Return the unsaved Events of a numbered order: that it was placed, and what was paid."""
    order = each.order
    order.is_new, order.event_counter = True, 1
    placed = Event(name="order.placed", subject=order.subject, sequence=1, actor=actor, data=order.event_data)
    return [placed, *pay_given.news(order, each.priced, each.paid, actor=actor)]


def _wish(each):
    return stock.Wish(each.order.subject, allocate.tracked(each.rows), each.order.channel.buffer)


def _known(orders_in):
    """Return {name: Order} of those that came in before."""
    rows = Order.objects.filter(
        channel__in={order_in.channel.pk for order_in in orders_in},
        external_id__in={order_in.external_id for order_in in orders_in},
    )
    found = {(order.channel_id, order.external_id): order for order in rows}
    for order in found.values():
        order.is_new = False
    return found


def _name(order_in):
    return order_in.channel.pk, order_in.external_id


def _is_limited(rows):
    """Whether a location of allocations `rows` begins only so many orders a day: who takes one of them locks it."""
    places = network()
    return any(places.place(row.location_id).daily_capacity is not None for row in rows)
