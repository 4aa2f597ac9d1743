"""Random operations of every kind on a small merchant: what a day at all desks and docks does, in any order."""

import random
from collections import Counter

from django.db.models import F

from fulfilment.models import FulfilmentOrder, Parcel, PickTask, PutBack
from fulfilment.services import cancel_work, pack, till
from fulfilment.services.pick import pick
from fulfilment.services.release import release
from fulfilment.services.ship import ship
from fulfilment.services.short import short
from fulfilment.services.unship import unship
from inventory.models import Bin, BinStock, Location, Sku, Transfer
from inventory.services import (
    counts,
    draft_transfer,
    quarantine,
    receive_delivery,
    receive_transfer,
    ship_transfer,
    stock,
)
from oms.lib.errors import DomainError, Retry
from orders.models import Allocation, Channel, Order, OrderLine
from orders.services.cancel import cancel
from orders.services.intake import LineIn
from orders.services.place import place
from returns.models import Return
from returns.services import inspect, receive, request
from tests.deliver import deliver
from tests.make import make_order_in

# What moves goods or work; papers and e-mails have tests of their own.
CONSUMERS = (
    "fulfilment.tasks.answer_cancel_request",
    "fulfilment.tasks.close_work",
    "fulfilment.tasks.follow_order",
    "orders.tasks.release_rest",
    "orders.tasks.take_up_backorders",
    "orders.tasks.verify_placed",
)
ACTOR = "user:1"


class Worker:
    """One process: `work(n)` does n random operations; `done` and `refused` count them by name."""

    def __init__(self, name, seed):
        self.name, self.random = name, random.Random(seed)
        self.done, self.refused, self.number = Counter(), Counter(), 0
        self.skus = list(Sku.objects.filter(kind="physical").order_by("pk"))
        self.places = list(Location.objects.filter(tracks_stock=True).order_by("pk"))
        channels = {channel.kind: channel for channel in Channel.objects.select_related("seller")}
        self.channel, self.till = channels["web"], channels["store"]

    def work(self, number):
        """Do `number` operations and return ({name: done}, {name: refused}); a refusal is an answer like any other."""
        names = [name for name, weight in WEIGHTS.items() for _ in range(weight)]
        for _ in range(number):
            name = self.random.choice(names)
            self.number += 1
            try:
                getattr(self, name)()
                self.done[name] += 1
            except (DomainError, Retry):
                self.refused[name] += 1
        return dict(self.done), dict(self.refused)

    def any_of(self, rows):
        """Return one of a few rows of a queryset, or refuse."""
        found = list(rows.order_by("-pk")[:20])
        if not found:
            raise DomainError("There is none.")
        return self.random.choice(found)

    def one(self):
        return self.random.choice(self.skus), self.random.choice(self.places)

    def pieces(self, most=5):
        return self.random.randint(1, most)

    def receive(self):
        sku, where = self.one()
        stock.receive(sku, where, self.pieces(20), bin=self.shelf(where), actor=ACTOR)

    def receive_blind(self):
        sku, where = self.one()
        key = f"{self.name}-{self.number}"
        damaged = self.random.randint(0, 2)
        for _ in range(2):  # the scanner sends twice
            receive_delivery.receive(sku, where, self.pieces(10), damaged=damaged, key=key, actor=ACTOR)

    def shelf(self, where):
        return self.random.choice(list(where.bins.filter(kind="shelf")))

    def order_in(self, channel, **fields):
        lines = [LineIn(sku.code, self.pieces(), 5) for sku in self.random.sample(self.skus, self.pieces(3))]
        id_ = f"{self.name}-{self.number}"
        return make_order_in(*lines, channel=channel, external_id=id_, email=f"{id_}@example.com", **fields)

    def place(self):
        place(self.order_in(self.channel))

    def sell(self):
        till.sell(self.order_in(self.till, pickup_location="MUC"), actor="till:1")

    def cancel(self):
        """Cancel any order, or one whose goods somebody has in his hands, whole or a piece of it."""
        orders = Order.objects.filter(status__in=["placed", "confirmed"])
        if self.random.random() < 0.5:
            orders = orders.filter(pk__in=Allocation.objects.filter(status="picked").values("order"))
        order = self.any_of(orders)
        line = order.lines.leaves().filter(quantity__gt=F("shipped") + F("cancelled")).first()
        some = {line.pk: 1} if line and self.random.random() < 0.5 else None
        cancel(order.pk, lines=some, reason="mind changed", actor=ACTOR)

    def office(self):
        deliver(*CONSUMERS)

    def release(self):
        release([self.any_of(FulfilmentOrder.objects.filter(status="open")).pk], actor=ACTOR)

    def pick(self):
        task = self.any_of(PickTask.objects.filter(done_by=""))
        work = task.fulfilment_line.fulfilment_order_id
        for each in PickTask.objects.filter(fulfilment_line__fulfilment_order=work, done_by="").order_by("pk"):
            pick(each.pk, picked=each.quantity - each.short, actor=ACTOR)

    def short(self):
        short(self.any_of(PickTask.objects.filter(done_by="")).pk, pieces=1, reason="missing", actor=ACTOR)

    def pack_and_ship(self):
        work = self.any_of(FulfilmentOrder.objects.filter(status="picking", picked_at__isnull=False))
        for line in work.lines.select_related("sku"):
            for _ in range(line.picked - line.packed):
                pack.scan(work.pk, line.sku.code, actor=ACTOR)
        for parcel in Parcel.objects.filter(fulfilment_order=work, status="packing"):
            pack.close_parcel(parcel.pk, weight_g=500, actor=ACTOR)
        ship(work.pk, actor=ACTOR)

    def unship(self):
        unship(self.any_of(FulfilmentOrder.objects.filter(status="shipped")).pk, actor=ACTOR)

    def ship_again(self):
        ship(self.any_of(FulfilmentOrder.objects.filter(status="packed")).pk, actor=ACTOR)

    def put_back(self):
        cancel_work.put_back(self.any_of(PutBack.objects.open()).pk, actor=ACTOR)

    def answer(self):
        work = self.any_of(FulfilmentOrder.objects.on_floor().with_stop().filter(is_stopped=True))
        cancel_work.accept(work.pk, actor=ACTOR)

    def ask_back(self):
        line = self.any_of(OrderLine.objects.filter(shipped__gt=0))
        request.request(line.order_id, [request.ReturnLineIn(line.pk, 1)], actor=ACTOR, ignores_window=True)

    def come_back(self):
        rma = self.any_of(Return.objects.filter(status__in=["requested", "approved"]))
        receive.receive(rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, actor=ACTOR)

    def inspect(self):
        line = self.any_of(Return.objects.filter(status="received")).lines.get()
        how = self.random.choice(["restock", "quarantine", "scrap"])
        inspect.dispose(line.rma_id, [inspect.DispositionIn(line.pk, line.received, how, grade=1)], actor=ACTOR)

    def adjust(self):
        sku, where = self.one()
        delta = self.random.choice([-3, -2, -1, 1, 2])
        stock.adjust(sku, where, delta, reason="lost" if delta < 0 else "found", actor=ACTOR)

    def count(self):
        row = self.any_of(BinStock.objects.filter(bin__kind="shelf").select_related("bin__location", "sku"))
        session = counts.open_count(row.bin.location, bin=row.bin, actor=ACTOR)
        counts.enter(session.pk, row.sku, max(row.quantity + self.random.randint(-3, 2), 0), actor=ACTOR)
        counts.post_count(session.pk, actor=ACTOR)

    def move(self):
        row = self.any_of(
            BinStock.objects.filter(bin__kind__in=["shelf", "dock"], quantity__gt=0).select_related("bin")
        )
        source = Bin.objects.select_related("location").get(pk=row.bin_id)
        stock.move(row.sku, source, self.shelf(source.location), min(self.pieces(), row.quantity), actor=ACTOR)

    def set_aside(self):
        row = self.any_of(BinStock.objects.filter(bin__kind="shelf", quantity__gt=0))
        source = Bin.objects.select_related("location").get(pk=row.bin_id)
        quarantine.put(row.sku, source, 1, actor=ACTOR)
        if self.random.random() < 0.5:
            quarantine.clear(row.sku, source, 1, actor=ACTOR)

    def out_of_sale(self):
        stock.set_unavailable(*self.one(), self.random.choice([-1, 1]), reason="damaged", actor=ACTOR)

    def safety(self):
        stock.set_safety(*self.one(), self.random.randint(0, 3), actor=ACTOR)

    def draft_transfer(self):
        source, target = self.random.sample(self.places, 2)
        lines = {sku: self.pieces() for sku in self.random.sample(self.skus, 2)}
        draft_transfer.make_ready(draft_transfer.draft(source, target, lines=lines, actor=ACTOR).pk, actor=ACTOR)

    def ship_transfer(self):
        ship_transfer.ship(self.any_of(Transfer.objects.filter(status="ready")).pk, actor=ACTOR)

    def receive_transfer(self):
        transfer = self.any_of(Transfer.objects.filter(status="shipped"))
        arrived = {line.pk: (max(line.shipped - self.random.randint(0, 1), 0), 0) for line in transfer.lines.all()}
        receive_transfer.receive(transfer.pk, arrived, actor=ACTOR)

    def cancel_transfer(self):
        draft_transfer.cancel(self.any_of(Transfer.objects.filter(status="ready")).pk, actor=ACTOR)


# How often each is done, relative to the others.
WEIGHTS = {
    "place": 12, "office": 8, "receive": 6, "release": 7, "pick": 14, "pack_and_ship": 8, "short": 2, "cancel": 3,
    "receive_blind": 2, "unship": 2, "ship_again": 3, "put_back": 2, "answer": 2, "ask_back": 2, "come_back": 2,
    "inspect": 2, "adjust": 3, "count": 3, "move": 4, "set_aside": 2, "out_of_sale": 1, "safety": 1,
    "draft_transfer": 2, "ship_transfer": 2, "receive_transfer": 2, "cancel_transfer": 1, "sell": 2,
}  # fmt: skip
