"""What a wave would be, before anybody walks: carts by the batching algorithms, metres, hours, promises at risk."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList
from fulfilment.routing.batching import batch, first_come
from fulfilment.routing.work import Work
from fulfilment.services import pace
from fulfilment.services.bin_floor import floor_for
from fulfilment.services.choose_wave import choose, left_out
from fulfilment.services.floor_plan import floor_of
from fulfilment.services.plan_bins import plan, seen_bins

MOST_SECONDS = 3.5  # of the batching of a whole wave
ORDERS_A_SECOND = 250
ENDLESS = 10**9


@dataclass
class Cart:
    """One walk: its fulfilment orders, how far, what is on it, when the first of them must leave."""

    works: list[FulfilmentOrder]
    metres: float
    lines: int
    pieces: int

    @property
    def ship_by(self) -> datetime:
        return min(work.ship_by for work in self.works)

    @property
    def urgency(self):
        return min(work.priority for work in self.works), self.ship_by


@dataclass
class Simulation:
    """The carts of a wave, the first one first, and `figures` for people, as JSON can hold them."""

    carts: list[Cart]
    figures: dict = field(default_factory=dict)


def simulate(preset, now=None):
    """Return the Simulation of a wave by `preset` as of now; nothing is written or locked."""
    now = now or timezone.now()
    chosen, reasons = choose(preset, now)
    picks, missing = _picks(preset.location, chosen)
    if missing:
        reasons.append(left_out("in no bin: count, put away or refill first", missing))
    works = [work for work in chosen if work.pk in picks]
    carts, naive_m = _carts(preset, works, picks)
    carts.sort(key=lambda cart: cart.urgency)
    figures = _figures(preset.location, carts, now)
    return Simulation(carts, figures | {"naive_metres": round(naive_m), "left_out": reasons})


def _picks(location, works):
    """Return ({fulfilment order id: {bin: pieces}}, [works in no bin]); an untracked place has no bins."""
    if not location.tracks_stock:
        return {work.pk: {} for work in works}, []
    wanted = [((work.pk, line.pk), line.sku_id, line.wanted) for work in works for line in work.lines.all()]
    tasks, short = plan(wanted, seen_bins(location, {sku_id for _, sku_id, _ in wanted}))
    lacking = {work_id for work_id, _ in short}
    picks = {work.pk: Counter() for work in works if work.pk not in lacking}
    for (work_id, _), _, spot, pieces in tasks:
        if work_id in picks:
            picks[work_id][spot.bin] += pieces
    return picks, [work for work in works if work.pk in lacking]


def _carts(preset, works, picks):
    """Return ([Cart], metres of the same orders in first-come batches walked in S-shape)."""
    if not works:
        return [], 0.0
    floor = floor_for(preset.location)
    bins = {bin_ for found in picks.values() for bin_ in found}
    numbers, oracle = floor.places(bins)
    load, capacity = _loads(works), capacity_of(preset)
    fitting = (load <= capacity).all(1)
    small = [i for i, fits in enumerate(fitting) if fits]
    large = [[i] for i, fits in enumerate(fitting) if not fits]  # a cart of its own, however full
    aisles = {numbers[bin_.pk]: floor.stop(bin_).aisle for bin_ in bins if bin_.pk in numbers}
    zones = np.array([aisles[number] for number in sorted(aisles)], dtype=np.int64)
    spots = _spots(works, picks, numbers)
    work = Work(spots[small], load[small], capacity, zones)
    groups = [[small[i] for i in orders] for orders in _batched(work, oracle)] + large
    naive = [[small[i] for i in orders] for orders in _first_come(work)] + large
    carts = [_cart([works[i] for i in group], picks, floor) for group in groups]
    return carts, sum(_s_shape(floor, [works[i] for i in group], picks) for group in naive)


def _batched(work, oracle):
    """Return [[order]]: batched by walking where anybody walks, then as full as it goes."""
    if not len(work.spots):
        return []
    if oracle is None or work.capacity[0] == 1:
        return _first_come(work)
    seconds = min(MOST_SECONDS, len(work.spots) / ORDERS_A_SECOND)
    return filled(work, batch(work, oracle, seconds=seconds).orders)


def filled(work, groups):
    """Join batches that fit on one cart: a walk past both is never longer than the two; the smallest first."""
    left = sorted(groups, key=len)
    joined = []
    for group in left:
        load = work.load[group].sum(0)
        other = next((g for g in joined if (work.load[g].sum(0) + load <= work.capacity).all()), None)
        if other is None:
            joined.append(list(group))
        else:
            other += group
    return joined


def _first_come(work):
    return first_come(work, _NoWalk()).orders if len(work.spots) else []


class _NoWalk:
    """An Oracle where nobody walks."""

    def metres(self, spots):
        return np.zeros(len(spots))


def _loads(works):
    """Return what each order takes of a cart [order, measure]: orders, pieces, grams, cubic millimetres."""
    rows = []
    for work in works:
        lines = [(line.wanted, line.sku) for line in work.lines.all()]
        volume = sum(n * sku.length_mm * sku.width_mm * sku.height_mm for n, sku in lines)
        rows.append([1, sum(n for n, _ in lines), sum(n * sku.weight_g for n, sku in lines), volume])
    return np.array(rows, dtype=np.int64).reshape(len(works), 4)


def capacity_of(preset):
    """Return what a cart holds [measure], as `_loads` counts; what is not limited is endless."""
    totes = 1 if preset.mode == PickList.Mode.DISCRETE else preset.totes
    litres = preset.most_litres * 1_000_000 if preset.most_litres else ENDLESS * 1_000_000
    return np.array([totes, preset.most_pieces or ENDLESS, preset.most_weight_g or ENDLESS, litres], dtype=np.int64)


def _spots(works, picks, numbers):
    spots = np.zeros((len(works), max(numbers.values(), default=-1) + 1), dtype=bool)
    for row, work in enumerate(works):
        spots[row, [numbers[bin_.pk] for bin_ in picks[work.pk] if bin_.pk in numbers]] = True
    return spots


def _cart(works, picks, floor):
    bins = [bin_ for work in works for bin_ in picks[work.pk]]
    lines = sum(len(picks[work.pk]) or len(work.lines.all()) for work in works)
    pieces = sum(line.wanted for work in works for line in work.lines.all())
    return Cart(works, floor.metres(bins) if bins else 0.0, lines, pieces)


def _s_shape(floor, works, picks):
    bins = [bin_ for work in works for bin_ in picks[work.pk]]
    return floor.metres_s_shape(bins) if bins else 0.0


def _figures(location, carts, now):
    factor, people = pace.factor_of(location, now), len(pace.present(location, now))
    took = [pace.seconds(cart.lines, cart.metres, factor=factor) for cart in carts]
    works = [work for cart in carts for work in cart.works]
    return {
        "orders": len(works),
        "lists": len(carts),
        "lines": sum(cart.lines for cart in carts),
        "pieces": sum(cart.pieces for cart in carts),
        "weight_g": sum(line.wanted * line.sku.weight_g for work in works for line in work.lines.all()),
        "metres": round(sum(cart.metres for cart in carts)),
        "cart_metres": [round(cart.metres) for cart in carts],
        "is_guessed": floor_of(location) is None,
        "hours": round(sum(took) / 3600, 1),
        "pickers": people,
        "at_risk": at_risk(carts, took, pickers=max(people, 1), now=now),
    }


def at_risk(carts, took, *, pickers, now):
    """Return [{order, ship_by, ready_at}] of what is picked and packed too late when `pickers` begin now.

    The carts go in their order to whoever is free first; `took` are the seconds of each.
    """
    free = [now] * pickers
    late = []
    for cart, seconds in zip(carts, took, strict=True):
        done = heapq.heappop(free) + timedelta(seconds=seconds)
        heapq.heappush(free, done)
        ready = done + timedelta(seconds=pace.PACK_S)
        late += [(work, ready) for work in cart.works if work.ship_by < ready]
    return [
        {"order": str(work.order), "pk": work.pk, "ship_by": work.ship_by.isoformat(), "ready_at": ready.isoformat()}
        for work, ready in late
    ]
