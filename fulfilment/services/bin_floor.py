"""Where bins are in a location without a floor plan: guessed from their codes, good enough to batch by.

Aisles lie side by side in natural order, their places one after the other, as far apart as in common racking; what
the codes do not say stays unsaid, so metres of such a floor are estimates. It answers what a floor plan's Floor does.
"""

import re
from dataclasses import dataclass

from fulfilment.routing import rules_of_thumb
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.oracle import InAisles
from fulfilment.routing.tour import length
from fulfilment.services.floor_plan import floor_of
from inventory.models import Bin
from inventory.models.location import natural_key

AISLE_M, PLACE_M = 4.0, 1.0
KINDS = (Bin.Kind.SHELF, Bin.Kind.BULK)
FIRST_PART = re.compile(r"[A-Za-z]*\d*")


def floor_for(location):
    """Return the floor of `location` that walks are planned on: its plan, or what its bins' codes say of it."""
    return floor_of(location) or guessed(location.bins.filter(kind__in=KINDS))


def guessed(bins):
    """Return the GuessedFloor of `bins`, an aisle each where their codes begin alike."""
    stems = {}
    for bin_ in bins:
        stems.setdefault(aisle_of(bin_), set()).add(natural_key(_stem(bin_)))
    aisles = {code: i for i, code in enumerate(sorted(stems, key=natural_key))}
    at = {code: {stem: n for n, stem in enumerate(sorted(found), start=1)} for code, found in stems.items()}
    longest = max(map(len, at.values()), default=0)
    layout = Layout(tuple(AISLE_M * i for i in range(max(len(aisles), 1))), (0.0, PLACE_M * (longest + 1)))
    return GuessedFloor(layout, aisles, at)


def aisle_of(bin_):
    """Return the aisle of a bin: as it is kept, else the first part of its code."""
    return bin_.aisle.upper() or FIRST_PART.match(bin_.code)[0].upper() or bin_.code


def _stem(bin_):
    """Return the code without its level, where it ends with that: what lies above each other is one place."""
    stem, _, last = bin_.code.rpartition("-")
    return stem if stem and last == str(bin_.level) and stem != bin_.aisle else bin_.code


@dataclass(frozen=True)
class GuessedFloor:
    """A layout with {aisle: its index} and {aisle: {place's key: its number from the front}}."""

    layout: Layout
    aisles: dict
    at: dict

    def stop(self, bin_):
        """Return where a bin is as a Stop, or None where the codes do not say (dock and stage)."""
        aisle = aisle_of(bin_)
        place = self.at.get(aisle, {}).get(natural_key(_stem(bin_)))
        return Stop(self.aisles[aisle], PLACE_M * place) if place else None

    def places(self, bins):
        """Return ({bin pk: number of its place}, the Oracle of these places or None); see Floor.places."""
        stops = {bin_.pk: stop for bin_ in bins if (stop := self.stop(bin_))}
        known = {stop: number for number, stop in enumerate(sorted(set(stops.values())))}
        oracle = InAisles(self.layout, list(known)) if known else None
        return {pk: known[stop] for pk, stop in stops.items()}, oracle

    def metres(self, bins):
        """Return the metres of the shortest walk past `bins`."""
        return length(self.layout, self._stops(bins))

    def metres_s_shape(self, bins):
        """Return what a picker walks past `bins` who goes up one aisle and down the next."""
        return rules_of_thumb.metres(self.layout, rules_of_thumb.s_shape(self.layout, self._stops(bins)))

    def _stops(self, bins):
        return sorted({stop for bin_ in bins if (stop := self.stop(bin_))})
