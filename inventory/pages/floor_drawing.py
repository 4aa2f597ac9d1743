"""The floor plan as a drawing: numbers for an SVG, in decimetres, seen from above, turned where that fits a phone."""

from collections import Counter
from dataclasses import dataclass
from math import hypot

MARGIN = 22
CODES = 32  # beside the ends of aisles, for their codes
SHELF = 12  # how deep bins are
AISLE = 14  # how wide aisles are
TALLEST, LOWEST = 12, 4  # how long bins are along their aisle
KEEP_RIGHT = 3  # a tour there and back is drawn as two lines
ARROW = 30  # stretches from here on have one


@dataclass(frozen=True)
class Shelf:
    """The bins at one place, above each other: a rectangle, a hint for each of them, and what it is to a tour."""

    x: float
    y: float
    width: float
    height: float
    pk: int
    hint: str
    tone: str


@dataclass(frozen=True)
class Drawing:
    """Lanes and shelves are rectangles, labels are (x, y, text), stops (x, y, number, tone), path and arrows "x,y"."""

    box: str
    width: float
    height: float
    fits: str  # "any" screen, or the "wide" or "narrow" one
    lanes: list
    shelves: list
    labels: list
    ends: list  # [(x, y, "start" or "end")]
    stops: list
    path: str
    arrows: list


@dataclass(frozen=True)
class Plan:
    """A floor plan read: `aisles` [(code, x, way)] and `cross` [y], in decimetres, `start` and `end` (x, y)."""

    aisles: list
    cross: list
    start: tuple
    end: tuple

    @property
    def is_wide(self):
        return self.aisles[-1][1] - self.aisles[0][1] > 1.3 * (self.cross[-1] - self.cross[0])


def read(plan):
    """Return the Plan of a FloorPlan; None while it has no aisle or fewer than two cross-aisles."""
    aisles, crossings = list(plan.aisles.order_by("x_cm")), list(plan.cross_aisles.order_by("y_cm"))
    if not aisles or len(crossings) < 2:
        return None
    x_of = {aisle.pk: aisle.x_cm / 10 for aisle in aisles}
    y_of = {cross.pk: cross.y_cm / 10 for cross in crossings}
    start = x_of.get(plan.start_aisle_id, aisles[0].x_cm / 10), y_of.get(plan.start_cross_id, crossings[0].y_cm / 10)
    end = x_of.get(plan.end_aisle_id, start[0]), y_of.get(plan.end_cross_id, start[1])
    return Plan([(a.code, a.x_cm / 10, a.way) for a in aisles], sorted(y_of.values()), start, end)


def draw_all(plan, bins, **how):
    """Return the Drawings of a Plan: one, or where it is wide one as it is and one turned, for a phone."""
    return [draw(plan, bins, is_turned=is_turned, **how) for is_turned in ([False, True] if plan.is_wide else [False])]


def draw(plan, bins, *, contents, stops=(), path=(), chosen=None, is_turned=False):
    """Return the Drawing of a Plan with `bins` on it; `contents` are {bin pk: text}.

    `stops` are [(bin, number, tone)] and `path` the corners of a tour [(x, y)] in metres; `chosen` is a bin's pk.
    """
    place = _Turned(is_turned)
    xs, cross = {code: x for code, x, _ in plan.aisles}, plan.cross
    wanted = {bin.pk for bin, _, _ in stops}
    left, right = plan.aisles[0][1] - MARGIN, plan.aisles[-1][1] + MARGIN
    box = place.rect(left, cross[0] - MARGIN, right - left, cross[-1] - cross[0] + MARGIN + CODES)
    shifted = _kept_right([(x * 10, y * 10) for x, y in path])
    return Drawing(
        box=" ".join(f"{number:g}" for number in box),
        width=box[2],
        height=box[3],
        fits="any" if not plan.is_wide else "narrow" if is_turned else "wide",
        lanes=[place.rect(*lane) for lane in _lanes(plan)],
        shelves=[_shelf(place, xs, row, contents, wanted, chosen) for row in _shelves(bins)],
        labels=_labels(place, plan),
        ends=[(*place.at(*plan.start), "start")] + [(*place.at(*plan.end), "end")] * (plan.end != plan.start),
        stops=_stops(place, xs, stops),
        path=" ".join("{:g},{:g}".format(*place.at(x, y)) for line in shifted for x, y in line),
        arrows=[_arrow(place, *line) for line in shifted if _length(*line) >= ARROW],
    )


class _Turned:
    """Where things go on paper: as they are, or with x and y exchanged."""

    def __init__(self, is_turned):
        self.is_turned = is_turned

    def at(self, x, y):
        x, y = round(x, 1), round(y, 1)
        return (y, x) if self.is_turned else (x, y)

    def rect(self, x, y, width, height):
        return (*self.at(x, y), *self.at(width, height))


def _lanes(plan):
    """Return where one walks: aisles, then cross-aisles."""
    cross, half = plan.cross, AISLE / 2
    aisles = [(x - half, cross[0], AISLE, cross[-1] - cross[0]) for _, x, _ in plan.aisles]
    left, right = plan.aisles[0][1] - half, plan.aisles[-1][1] + half
    return aisles + [(left, y - half, right - left, AISLE) for y in cross]


def _shelves(bins):
    """Return [(bins of one place, how long they are)]: as the gap to the next, within bounds."""
    places = {}
    for bin in bins:
        places.setdefault((bin.aisle, bin.side, bin.position_cm), []).append(bin)
    sides = {}
    for aisle, side, position in sorted(places):
        sides.setdefault((aisle, side), []).append(position / 10)
    gaps = {
        key: min([TALLEST, *(b - a for a, b in zip(ys, ys[1:], strict=False) if b > a)]) for key, ys in sides.items()
    }
    return [(row, max(LOWEST, 0.9 * gaps[aisle, side])) for (aisle, side, _), row in places.items()]


def _shelf(place, xs, row, contents, wanted, chosen):
    bins, tall = row
    first = min(bins, key=lambda bin: bin.level)
    x, y = xs[first.aisle], first.position_cm / 10
    left = x - AISLE / 2 - SHELF if first.side != "right" else x + AISLE / 2
    pks = {bin.pk for bin in bins}
    tone = "chosen" if chosen in pks else "wanted" if pks & wanted else "full" if pks & contents.keys() else "empty"
    told = [f"{bin.code}: {contents.get(bin.pk, 'empty')}" for bin in sorted(bins, key=lambda bin: bin.level)]
    return Shelf(*place.rect(left, y - tall / 2, SHELF, tall), first.pk, "\n".join(told), tone)


def _labels(place, plan):
    """Return the codes of aisles beyond the last cross-aisle, one-way ones with their arrow."""
    signs = {"down": "→" if place.is_turned else "↓", "up": "←" if place.is_turned else "↑"}
    beside = plan.cross[-1] + (20 if place.is_turned else 14)
    return [(*place.at(x, beside), f"{code}{signs.get(way, '')}") for code, x, way in plan.aisles]


def _stops(place, xs, stops):
    """Return the numbers of stops, beside each other where several are at one place."""
    drawn, met = [], Counter()
    for bin, number, tone in stops:
        x, y = xs[bin.aisle], bin.position_cm / 10
        shift = met[x, y] * 9
        met[x, y] += 1
        side = -1 if bin.side != "right" else 1
        drawn.append((*place.at(x + side * (AISLE / 2 + SHELF / 2 - shift), y), number, tone))
    return drawn


def _kept_right(path):
    """Return the stretches ((x, y), (x, y)) of `path`, each a little to the right of where it leads."""
    stretches = []
    for one, other in zip(path, path[1:], strict=False):
        long = _length(one, other)
        if long:
            dx, dy = (other[0] - one[0]) / long * KEEP_RIGHT, (other[1] - one[1]) / long * KEEP_RIGHT
            stretches.append(tuple((x - dy, y + dx) for x, y in (one, other)))
    return stretches


def _arrow(place, one, other):
    """Return the corners of an arrow in the middle of a stretch."""
    long = _length(one, other)
    dx, dy = (other[0] - one[0]) / long, (other[1] - one[1]) / long
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    corners = [
        (x + 5 * dx, y + 5 * dy),
        (x - 3 * dx - 3 * dy, y - 3 * dy + 3 * dx),
        (x - 3 * dx + 3 * dy, y - 3 * dy - 3 * dx),
    ]
    return " ".join("{:g},{:g}".format(*place.at(*corner)) for corner in corners)


def _length(one, other):
    return hypot(other[0] - one[0], other[1] - one[1])
