"""Many at once on the same stock. A race has a control that loses it, so that the test can fail."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from inventory.models import Bin, StockLevel
from inventory.services import in_hand, once, quarantine, stock
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku
from tests.race import race

# Stock alone: the doctor misses the orders that reserved it.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.corrupt(3)]

BUYERS = 16
PIECES = 500


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(PIECES, berlin, code="MUG")


@command
def buy(sku, location, subject, pieces=1):
    """What a buyer does: look, refuse when there is none, reserve."""
    if StockLevel.objects.with_available().get(sku=sku, location=location).available < pieces:
        raise InsufficientStock("Out of stock.")
    stock.reserve({(sku.pk, location.pk): pieces}, subject=subject)


def buy_without_a_condition(sku, location, subject):
    """The control: look, think, write what one saw."""
    row = StockLevel.objects.get(sku=sku, location=location)
    if row.on_hand - row.reserved < 1:
        raise InsufficientStock("Out of stock.")
    time.sleep(random.uniform(0, 0.002))
    StockLevel.objects.filter(pk=row.pk).update(reserved=row.reserved + 1)


def buy_all(buy, sku, location, number):
    """Return how many pieces one buyer got until there were none."""
    got = 0
    while True:
        try:
            buy(sku, location, f"order:{number}")
        except InsufficientStock:
            return got
        got += 1


def at_once(function, count):
    """Run `function(number)` in threads, each with a connection of its own; returns what each returned."""

    def run(number):
        try:
            return function(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_sixteen_processes_buy_500_pieces_and_no_more(mug, berlin):
    assert sum(race(lambda number: buy_all(buy, mug, berlin, number), BUYERS)) == PIECES
    assert level(mug, berlin) == (PIECES, PIECES, 0)


def test_control_processes_without_a_condition_oversell(berlin):
    cup = make_sku(60, berlin)
    assert sum(race(lambda number: buy_all(buy_without_a_condition, cup, berlin, number), BUYERS)) > 60


def test_threads_buy_50_pieces_and_no_more(berlin):
    cup = make_sku(50, berlin)
    assert sum(at_once(lambda number: buy_all(buy, cup, berlin, number), 8)) == 50
    assert level(cup, berlin) == (50, 50, 0)


def test_buyers_of_the_same_goods_in_any_order_do_not_deadlock(berlin):
    skus = [make_sku(PIECES, berlin) for _ in range(6)]

    def buy_all_six(number):
        rng = random.Random(number)
        for _ in range(40):
            # No @command, which would try again after a deadlock.
            with transaction.atomic():
                basket = {(sku.pk, berlin.pk): 1 for sku in rng.sample(skus, 6)}
                stock.reserve(basket, subject=f"order:{number}")

    race(buy_all_six, 8)
    assert {level(sku, berlin) for sku in skus} == {(PIECES, 320, 0)}


def test_buyers_receivers_losses_and_releases_at_once_leave_a_ledger_that_adds_up(mug, berlin):
    def work(number):
        rng = random.Random(number)
        received = lost = bought = 0
        for _ in range(25):
            match rng.randrange(4):
                case 0:
                    stock.receive(mug, berlin, 3)
                    received += 3
                case 1:
                    # Only of what nobody was promised: what is promised is the orders' business.
                    lost += take_free(mug, berlin)
                case 2 if bought:
                    release_one(mug, berlin)
                    bought -= 1
                case _:
                    buy(mug, berlin, f"order:{number}")
                    bought += 1
        return received, lost, bought

    results = race(work, 8)
    received, lost, bought = (sum(column) for column in zip(*results, strict=True))
    assert level(mug, berlin) == (PIECES + received - lost, bought, 0)


@command
def release_one(sku, location):
    stock.release({(sku.pk, location.pk): 1}, subject="order:0")


def take_free(sku, location):
    stock.adjust(sku, location, -1, reason="lost")
    return 1


def test_one_key_posted_by_many_is_posted_once(mug, berlin):
    booked = race(lambda number: stock.receive(mug, berlin, 7, key="delivery:1"), 8)
    assert sorted(booked) == [False] * 7 + [True]
    assert level(mug, berlin) == (PIECES + 7, 0, 0)


def test_one_form_sent_by_many_carries_once(mug, berlin):
    dock, shelf = stock.system_bin(berlin, Bin.Kind.DOCK), Bin.objects.create(location=berlin, code="A-1")
    key = once.key_of("move", "1", 7)
    moved = race(lambda number: in_hand.move(mug, dock, shelf, 7, key=key), 8)
    assert sorted(moved) == [False] * 7 + [True]
    assert bins(mug, berlin) == {"DOCK": PIECES - 7, "A-1": 7}


def test_control_who_only_looks_carries_a_form_often(mug, berlin):
    dock, shelf = stock.system_bin(berlin, Bin.Kind.DOCK), Bin.objects.create(location=berlin, code="A-1")
    key = once.key_of("move", "1", 7)

    def look(number):
        is_new = not once.is_booked(key)
        time.sleep(0.5)
        return is_new and stock.move(mug, dock, shelf, 7)

    assert sum(race(look, 4)) > 1


def test_one_loss_sent_by_many_is_booked_once(mug, berlin):
    key = once.key_of("adjust", "1", -7)
    booked = race(lambda number: in_hand.adjust(mug, berlin, -7, reason="lost", key=key), 8)
    assert sorted(booked) == [False] * 7 + [True]
    assert level(mug, berlin) == (PIECES - 7, 0, 0)


def test_forms_sent_by_many_break_promises_once(berlin):
    cup = make_sku(20, berlin)
    make_order(cup, 20)
    dock, keys = stock.system_bin(berlin, Bin.Kind.DOCK), [once.key_of("put", number) for number in range(10)]
    booked = race(lambda number: sum(quarantine.put(cup, dock, 1, key=key) for key in keys), 4)
    assert sum(booked) == 10
    assert level(cup, berlin) == (20, 10, 10)


def test_pickers_at_one_bin_take_no_more_than_lies_there(mug, berlin):
    shelf, dock = Bin.objects.create(location=berlin, code="A-1"), stock.system_bin(berlin, Bin.Kind.DOCK)
    stock.move(mug, dock, shelf, 20)

    def pick(number):
        taken = 0
        for _ in range(5):
            try:
                stock.move(mug, shelf, dock, 1)
            except Invalid:
                continue
            taken += 1
        return taken

    assert sum(race(pick, 8)) == 20
    assert bins(mug, berlin) == {"DOCK": PIECES}


def test_the_first_piece_of_a_level_can_come_twice_at_once(berlin):
    cup = make_sku()
    race(lambda number: stock.receive(cup, berlin, 1), 8)
    assert level(cup, berlin) == (8, 0, 0)


def lose_without_a_lock(sku, location):
    """The control: look, think, write what one saw, one piece less."""
    row = StockLevel.objects.get(sku=sku, location=location)
    time.sleep(random.uniform(0, 0.002))
    StockLevel.objects.filter(pk=row.pk).update(on_hand=row.on_hand - 1)


def test_losses_told_by_many_are_all_booked(mug, berlin):
    race(lambda number: [stock.adjust(mug, berlin, -1, reason="lost") for _ in range(10)], 8)
    assert level(mug, berlin) == (PIECES - 80, 0, 0)


@pytest.mark.corrupt(1, 4)
def test_control_losses_written_without_a_lock_vanish(mug, berlin):
    race(lambda number: [lose_without_a_lock(mug, berlin) for _ in range(10)], 8)
    assert StockLevel.objects.get().on_hand > PIECES - 80
