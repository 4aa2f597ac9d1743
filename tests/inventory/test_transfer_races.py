"""Senders, receivers, cancellers, refillers and buyers at once. A race has a control that loses it."""

import os
import random
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum

from inventory.models import Bin, PickFace, RefillTask, StockLevel, Transfer, TransferLine
from inventory.services import draft_transfer, receive_transfer, refill, ship_transfer, stock
from oms.lib.errors import DomainError
from orders.models import Order
from orders.services.intake import LineIn
from orders.services.place import place
from tests.fulfilment.make import make_bin
from tests.make import make_channel, make_location, make_order_in, make_sku
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 8
ROUNDS = 100 if os.environ.get("OMS_SOAK") else 12
PIECES = 60


@pytest.fixture
def places():
    return [make_location("BER"), make_location("PAR")]


@pytest.fixture
def skus(places):
    """Two SKUs, each of which a few lie in both places."""
    found = []
    for _ in range(2):
        sku = make_sku(PIECES, places[0])
        stock.receive(sku, places[1], PIECES)
        found.append(sku)
    return found


def in_all(sku):
    """Pieces of `sku` in all books and under way."""
    on_hand = StockLevel.objects.filter(sku=sku).aggregate(n=Sum("on_hand"))["n"]
    lines = TransferLine.objects.with_in_transit().filter(sku=sku)
    return on_hand + sum(line.in_transit + line.lost - line.over for line in lines)


def any_of(chance, status):
    return chance.choice(list(Transfer.objects.filter(status=status).values_list("pk", flat=True)) or [0])


def begin(chance, places, skus):
    source, target = chance.sample(places, 2)
    lines = {sku: chance.randint(1, 9) for sku in chance.sample(skus, chance.randint(1, 2))}
    draft_transfer.make_ready(draft_transfer.draft(source, target, lines=lines).pk)


def arrive(chance, pk):
    """Receive a transfer, now and then in part, with damaged pieces or one too many."""
    lines = TransferLine.objects.filter(transfer=pk)
    arrived = {line.pk: (max(line.missing - chance.randrange(3) + chance.randrange(2), 0), 0) for line in lines}
    receive_transfer.receive(pk, arrived, is_all=chance.random() < 0.6)


def explain(chance):
    line = TransferLine.objects.missing().order_by("?").first()
    if line:
        receive_transfer.resolve(line.transfer_id, line.pk, line.missing, is_lost=chance.random() < 0.5)


def buy(chance, channel, skus, number):
    lines = [LineIn(sku.code, chance.randint(1, 3), Decimal(1)) for sku in chance.sample(skus, chance.randint(1, 2))]
    place(make_order_in(*lines, channel=channel, external_id=number))


def one_step(chance, places, skus, channel, number):
    match chance.randrange(8):
        case 0 | 1:
            begin(chance, places, skus)
        case 2:
            ship_transfer.ship(any_of(chance, "ready"))
        case 3:
            arrive(chance, any_of(chance, "shipped"))
        case 4:
            draft_transfer.cancel(any_of(chance, "ready"))
        case 5:
            explain(chance)
        case 6:
            stock.adjust(chance.choice(skus), chance.choice(places), -1, reason="lost")
            return 1
        case _:
            buy(chance, channel, skus, number)
    return 0


def test_many_at_once_lose_and_make_no_piece(places, skus):
    channel = make_channel()

    def work(process):
        chance, lost = random.Random(process), 0
        for step in range(ROUNDS):
            # Somebody was faster, or there is none: the only errors there may be.
            with suppress(DomainError, Transfer.DoesNotExist):
                lost += one_step(chance, places, skus, channel, f"{process}-{step}")
        return lost

    lost = sum(race(work, PROCESSES, timeout=300))
    assert sum(in_all(sku) for sku in skus) == 4 * PIECES - lost
    assert Transfer.objects.filter(status="received").exists()
    assert Order.objects.exists()


@pytest.fixture
def shipped(places, skus):
    transfer = draft_transfer.draft(*places, lines={skus[0]: 9})
    draft_transfer.make_ready(transfer.pk)
    return ship_transfer.ship(transfer.pk)


def test_a_transfer_received_by_many_is_received_once(shipped, places, skus):
    line = shipped.lines.get().pk

    def receive(number):
        try:
            receive_transfer.receive(shipped.pk, {line: (9, 0)})
        except DomainError:
            return 0
        return 1

    assert sum(race(receive, PROCESSES)) == 1
    assert StockLevel.objects.get(sku=skus[0], location=places[1]).on_hand == PIECES + 9


def receive_without_a_lock(pk, sku, place):
    """The control: look, think, write what one saw."""
    line = TransferLine.objects.get(transfer=pk)
    missing = line.missing
    time.sleep(0.2)  # as long as the others look
    if missing:
        stock.receive(sku, place, missing, reason="transfer_in", subject=f"transfer:{pk}")
        TransferLine.objects.filter(pk=line.pk).update(received=missing)


@pytest.mark.corrupt(8)
def test_control_received_by_many_without_a_lock_it_is_there_more_than_once(shipped, places, skus):
    race(lambda number: receive_without_a_lock(shipped.pk, skus[0], places[1]), PROCESSES)
    assert in_all(skus[0]) > 2 * PIECES


def test_a_refill_done_and_made_by_many_is_done_and_made_once(places, skus):
    bulk = make_bin(places[0], "R-1", sku=skus[0], quantity=30, kind=Bin.Kind.BULK)
    shelf = make_bin(places[0], "A-1")
    PickFace.objects.create(sku=skus[0], bin=shelf, minimum=3, maximum=10)
    assert sum(race(lambda number: refill.make_due(), PROCESSES)) >= 1
    task = RefillTask.objects.get()
    race(lambda n: refill.finish(task.pk, sku=skus[0], source=bulk, target=shelf, pieces=10), PROCESSES)
    assert shelf.stock.get().quantity == 10
