"""The walk of a pick list: which bins are taken where goods lie in several, in which order, and how far it is."""

from collections import Counter
from itertools import groupby

from fulfilment.routing.careful import Load, careful_walk
from fulfilment.routing.choose import Item, choose
from fulfilment.services.floor_plan import floor_of

TRIES = 400  # how often a choice of bins is partly undone and made anew, over the SKUs: bins are locked meanwhile
MOST_TRIES = 40


def nearer_first(floor, lines, free):
    """Return `free` ({sku id: [(Spot, pieces)]}) with those bins first that make the walk past all `lines` short.

    `lines` are [(line, sku id, pieces)]. What must come first does: only bins of one rank change places. Distances
    here are those of aisles that go both ways, and of a walk that ends where it begins.
    """
    wanted = Counter()
    for _, sku_id, pieces in lines:
        wanted[sku_id] += pieces
    items, groups = [], []
    for sku_id, missing in wanted.items():
        for _, group in groupby(free.get(sku_id, []), key=lambda row: row[0].rank):
            places = [row for row in group if floor.stop(row[0].bin)]
            there = sum(pieces for _, pieces in places)
            if places and missing > 0:
                items.append(Item(min(missing, there), tuple((floor.stop(spot.bin), n) for spot, n in places)))
                groups.append((sku_id, places))
            missing -= there
    tries = min(MOST_TRIES, TRIES // max(len(items), 1))
    chosen, _ = choose(floor.roads.layout, items, tries=tries)
    first = {(sku_id, places[i][0]) for (sku_id, places), some in zip(groups, chosen, strict=True) for i in some}
    return {
        sku_id: sorted(rows, key=lambda row: (row[0].rank, (sku_id, row[0]) not in first))
        for sku_id, rows in free.items()
    }


def in_walking_order(floor, tasks):
    """Return `tasks` [(line, sku id, Spot, pieces)] as one walks: past the bins on the plan, then the others.

    Bins off the plan, and all where there is no floor, come in natural order.
    """
    met = _met(floor, tasks) if floor else {}

    def place(task):
        line, sku_id, spot, _ = task
        stop = floor.stop(spot.bin) if floor and spot.bin else None
        is_last = bool(stop) and line.sku.is_fragile
        return (
            met.get(stop, len(met)),
            is_last,
            spot.bin.sort_key if spot.bin else "",
            sku_id,
            line.fulfilment_order.tote,
        )

    return sorted(tasks, key=place)


def measure(pick_list, floor=None):
    """Note how many metres the walk of a locked list is as its tasks stand, and an S-shaped one past the same bins."""
    floor = floor or floor_of(pick_list.location_id)
    bins = [task.bin for task in pick_list.tasks.in_walking_order().select_related("bin") if task.bin]
    pick_list.walk_m = round(floor.metres_in_order(bins)) if floor else None
    pick_list.naive_m = round(floor.metres_s_shape(bins)) if floor else None
    pick_list.save(update_fields=["walk_m", "naive_m"])


def on_the_way(task, spots):
    """Return (`spots` [(Spot, pieces)], those first that are nearest to the way that is left, a place for each).

    The place is the sequence of the task after which to go there: `task`, where the picker is, or a later one.
    Without a floor that is `task` for all, and spots stay in their order.
    """
    floor = floor_of(task.pick_list.location_id)
    here = floor and task.bin and floor.stop(task.bin)
    if not here:
        return spots, {spot: task.sequence for spot, _ in spots}
    rest = task.pick_list.tasks.open().exclude(pk=task.pk).in_walking_order()
    left = [(stop, row.sequence) for row in rest.select_related("bin") if row.bin and (stop := floor.stop(row.bin))]
    after, added = {}, {}
    for spot, _ in spots:
        stop, gap = floor.stop(spot.bin), (0, 0.0)
        if stop:
            gap = floor.roads.gap(here, [place for place, _ in left], stop)
        after[spot] = left[gap[0] - 1][1] if gap[0] else task.sequence
        added[spot] = gap[1] if stop else float("inf")
    return sorted(spots, key=lambda row: (row[0].rank, added[row[0]])), after


def _met(floor, tasks):
    """Return {Stop: how manieth it is met}."""
    loads = [
        Load(stop, line.fulfilment_order.tote, line.sku.weight_g * pieces >= floor.heavy_from_g, line.sku.is_fragile)
        for line, _, spot, pieces in tasks
        if spot.bin and (stop := floor.stop(spot.bin))
    ]
    order, _ = careful_walk(floor.roads, loads, detour=floor.detour)
    return {stop: i for i, stop in enumerate(order)}
