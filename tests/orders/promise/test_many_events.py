"""A long life of many timelines: supply comes, is late or short, customers order and cancel; nobody is let down.

Every promise is delivered on its day out of what really is on the shelf, and no day finds the shelf short.
"""

import random

from orders.promise.timeline import Timeline
from tests.orders.promise.naive import earliest

SHELVES = 40


class Shelf:
    """A SKU at a location: what is physically there, and the books beside it."""

    def __init__(self):
        self.now, self.pieces, self.short = 0, 0, 0
        self.supply, self.promised = [], []
        self.timeline = Timeline(0)

    def buy(self, chance):
        event = (self.now + chance.randint(1, 30), chance.randint(1, 40))
        self.supply.append(event)
        self.timeline.add(*event)

    def order(self, chance):
        pieces = chance.randint(1, 6)
        at = self.timeline.take(pieces, after=self.now + chance.choice([0, 0, 0, 9]))
        if at is not None:
            self.promised.append((at, pieces))

    def cancel(self, chance):
        if self.promised:
            at, pieces = self.promised.pop(chance.randrange(len(self.promised)))
            self.timeline.add(at, pieces)

    def delay(self, chance):
        """A purchase comes later, and half of the time with less: all promises are looked at anew."""
        if not self.supply:
            return
        at, pieces = self.supply.pop(chance.randrange(len(self.supply)))
        late = (at + chance.randint(1, 9), max(1, pieces - chance.choice([0, chance.randint(0, pieces)])))
        self.supply.append(late)
        self.timeline = Timeline(self.now, self.pieces, self.supply)
        kept = [(self.timeline.take(pieces, after=at), pieces) for at, pieces in sorted(self.promised)]
        self.promised = [(at, pieces) for at, pieces in kept if at is not None]

    def sleep(self, chance):
        """A day passes: what is due comes, then what is promised goes."""
        self.now += 1
        self.pieces += sum(pieces for at, pieces in self.supply if at <= self.now)
        self.pieces -= sum(pieces for at, pieces in self.promised if at <= self.now)
        self.short += self.pieces < 0
        self.supply = [event for event in self.supply if event[0] > self.now]
        self.promised = [event for event in self.promised if event[0] > self.now]
        self.timeline.advance(self.now)

    def events(self):
        return [(self.now, self.pieces), *self.supply, *((at, -pieces) for at, pieces in self.promised)]


def live(events, *, seed=20261122, compare=True):
    """Let so many things happen; returns the shelves. Now and then the books are compared with the naive ones."""
    chance = random.Random(seed)
    shelves = [Shelf() for _ in range(SHELVES)]
    happenings = [Shelf.buy] * 12 + [Shelf.order] * 60 + [Shelf.cancel] * 8 + [Shelf.delay] * 3 + [Shelf.sleep] * 17
    for number in range(events):
        shelf = chance.choice(shelves)
        chance.choice(happenings)(shelf, chance)
        if compare and number % 211 == 0:
            pieces = chance.randint(1, 9)
            assert shelf.timeline.promise(pieces) == earliest(shelf.events(), pieces, now=shelf.now)
    return shelves


def test_nobody_is_promised_what_is_not_there(sized):
    shelves = live(sized(20_000, 1_000_000))
    assert [shelf.short for shelf in shelves] == [0] * SHELVES
    assert all(shelf.now > 10 for shelf in shelves)


def test_the_control_lets_people_down(monkeypatch):
    """Promising by what is there on the day alone, without looking at what is promised later, oversells."""
    monkeypatch.setattr(Timeline, "promise", by_the_day)
    assert sum(shelf.short for shelf in live(20_000, compare=False)) > 0


def by_the_day(timeline, pieces, *, after=None):
    there = 0
    for at, delta in zip(timeline._moments, timeline._deltas, strict=True):
        there += delta
        if there >= pieces:
            return at if after is None else max(at, after)
    return None
