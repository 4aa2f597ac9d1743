"""The floor of a location for those who plan walks: which bins are where, and how far a walk past them is.

    floor = floor_of(location)              # None: the location has no floor plan that can be walked
    walked = floor.walk(bins)               # Walked: the bins in walking order, metres, how many are off the plan
    floor.metres(bins)                      # metres of the shortest walk past them, in any order
    floor.metres_in_order(bins)             # metres of a walk past them as they come
    floor.metres_s_shape(bins)              # what an S-shaped walk takes: the naive baseline
    floor.is_exact                          # walks are the shortest there are (no one-way aisles, ends where it starts)
    numbers, oracle = floor.places(bins)    # for fulfilment.routing.batching: {bin pk: place}, the Oracle of places
    floor.stop(bin)                         # a routing Stop, None off the plan; floor.roads: layout, table of distances
    floor.heavy_from_g, floor.detour        # what the lead set for heavy goods before fragile ones

Bins are rows of `inventory.Bin`; nothing is asked of the database but by `floor_of`: one statement where the plan is
as it was, four where it changed. Bins off the plan (no position, an aisle that is not drawn) come last, in natural
order, and add no metres.
"""

from dataclasses import dataclass
from functools import lru_cache

from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.oracle import Oracle
from fulfilment.routing.roads import Roads
from inventory.models import FloorPlan

CM = 100


@dataclass(frozen=True)
class Walked:
    """Different `bins` in walking order, the `metres` past them; the last `off_plan` of them are not on the plan."""

    bins: tuple
    metres: float
    off_plan: int


@dataclass(frozen=True)
class Floor:
    """A floor plan as walks need it: its `roads`, and {code: index} of its `aisles`."""

    roads: Roads
    aisles: dict
    heavy_from_g: int
    detour: float

    @property
    def is_exact(self):
        return self.roads.is_plain

    def stop(self, bin):
        """Return where `bin` is as a Stop, or None off the plan."""
        aisle = self.aisles.get(bin.aisle.upper())
        if aisle is None or bin.position_cm is None:
            return None
        y, cross = bin.position_cm / CM, self.roads.layout.cross
        return Stop(aisle, y) if cross[0] <= y <= cross[-1] else None

    def walk(self, bins):
        """Return the Walked past `bins`; those at one place come in natural order."""
        at, off = self._stops(bins)
        order, metres = self.roads.shortest(list(at))
        ordered = [bin for stop in order for bin in at[stop]]
        return Walked(tuple(ordered + off), metres, len(off))

    def metres(self, bins):
        """Return the metres of the shortest walk past `bins`."""
        return self.walk(bins).metres

    def metres_in_order(self, bins):
        """Return the metres of the walk past `bins` as they come."""
        return self.roads.metres(list(filter(None, map(self.stop, bins))))

    def metres_s_shape(self, bins):
        """Return what a picker walks past `bins` who goes up one aisle and down the next."""
        return self.roads.metres_s_shape(list(self._stops(bins)[0]))

    def places(self, bins):
        """Return ({bin pk: number of its place}, the Oracle of these places); bins off the plan have no number.

        None instead of the Oracle where no bin is on the plan.
        """
        at, _ = self._stops(bins)
        numbers = {bin.pk: number for number, stop in enumerate(at) for bin in at[stop]}
        oracle: Oracle | None = self.roads.oracle(list(at)) if at else None
        return numbers, oracle

    def _stops(self, bins):
        """Return ({Stop: [bins there]}, [bins off the plan]), each bin once, in natural order."""
        at, off = {}, []
        for bin in sorted({bin.pk: bin for bin in bins}.values(), key=lambda bin: bin.sort_key):
            stop = self.stop(bin)
            if stop is None:
                off.append(bin)
            else:
                at.setdefault(stop, []).append(bin)
        return at, off


def floor_of(location):
    """Return the Floor of `location`, or None when it has no plan, or one that cannot be walked (doctor's check 25)."""
    row = FloorPlan.objects.filter(location=location).values_list("pk", "revision").first()
    return _floor(*row) if row else None


@lru_cache(maxsize=64)
def _floor(plan_id, revision):
    """Return the Floor of a plan at a `revision`, which is another one after each change."""
    plan = FloorPlan.objects.get(pk=plan_id)
    aisles, crossings = list(plan.aisles.order_by("x_cm")), list(plan.cross_aisles.order_by("y_cm"))
    try:
        roads = _roads(plan, aisles, crossings)
    except ValueError:
        return None
    codes = {aisle.code.upper(): i for i, aisle in enumerate(aisles)}
    return Floor(roads, codes, plan.heavy_from_g, plan.detour_percent / 100)


def _roads(plan, aisles, crossings):
    """Return the Roads of a plan in metres; raises ValueError when it cannot be walked."""
    aisle_at = {aisle.pk: i for i, aisle in enumerate(aisles)}
    row_at = {cross.pk: i for i, cross in enumerate(crossings)}
    start = (aisle_at.get(plan.start_aisle_id, 0), row_at.get(plan.start_cross_id, 0))
    end = (aisle_at.get(plan.end_aisle_id, start[0]), row_at.get(plan.end_cross_id, start[1]))
    layout = Layout(
        tuple(aisle.x_cm / CM for aisle in aisles), tuple(cross.y_cm / CM for cross in crossings), depot=start
    )
    return Roads(layout, tuple(aisle.way for aisle in aisles), end)
