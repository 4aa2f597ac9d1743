"""Published order-picking instances: single walks (Heßler & Irnich 2023) and batches (Henn & Wäscher; Foodmart)."""

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.core.management.base import CommandError

from fulfilment.routing.choose import Item
from fulfilment.routing.layout import Layout, Stop
from fulfilment.routing.oracle import ByMatrix, InAisles
from fulfilment.routing.work import Work

NO_WAY = 1e6  # more metres than any walk


@dataclass(frozen=True)
class Route:
    """One walk of a file: its layout, items, and the proven optimum in metres (None where not known)."""

    name: str
    layout: Layout
    items: list[Item]
    optimum: float | None

    @property
    def is_plain(self):
        """Whether each item lies in one place only."""
        return all(len(item.places) == 1 for item in self.items)


def read(path):
    """Return the text of a plain or gzipped file. Raises CommandError where there is none."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")


def routes(path):
    """Yield the Routes of JSON lines {name, text, optimum_single_block, optimum_two_block}, one for each optimum."""
    for line in read(path).splitlines():
        row = json.loads(line)
        for blocks, key in ((1, "optimum_single_block"), (2, "optimum_two_block")):
            if row.get(key) is not None:
                yield _route(row["name"], row["text"], blocks, row[key])


def batches(path):
    """Return (Work, Oracle) of a file of Henn & Wäscher's or of the Foodmart kind."""
    text = read(path)
    if "//Graph" in text:
        return _foodmart(text)
    if "ORDER_SECTION" in text:
        return _henn_waescher(text)
    raise CommandError(f"{path}: neither Henn & Wäscher's format nor Foodmart's.")


def _route(name, text, blocks, optimum):
    fields = _fields(text)
    layout, y = _layout(fields, blocks)
    places = {}
    for item, aisle, cell, pieces in _rows(text, r"ID (\d+) AISLE (\d+) CELL (\d+) QUANTITY (\d+)"):
        places.setdefault(item, []).append((Stop(aisle, y(cell)), pieces))
    wanted = dict(_rows(text, r"ID (\d+) QUANTITY (\d+)$"))
    items = [Item(wanted.get(item, 1), tuple(found)) for item, found in places.items()]
    return Route(f"{name} {blocks} block{'s' * (blocks > 1)}", layout, items, optimum)


def _layout(fields, blocks):
    """Return (Layout, the function from a cell's number to its y); a middle cross-aisle takes a cell's room."""
    cells, end = int(fields["NUM_CELLS"]), float(fields["DISTANCE_TOP_TO_CELL"])
    wide = float(fields["DISTANCE_AISLE_TO_AISLE"])
    aisles = tuple(wide * i for i in range(int(fields["NUM_AISLES"])))
    half = cells // 2
    bottom = cells - 1 + 2 * end + (blocks - 1)
    cross = (0.0, bottom) if blocks == 1 else (0.0, half + end, bottom)
    row = blocks if fields["DEPOT_LOCATION"] == "bottom" else 0
    return Layout(
        aisles, cross, (int(fields["DEPOT_AISLE"]), row)
    ), lambda cell: cell + end + (1 if blocks > 1 and cell >= half else 0)


def _henn_waescher(text):
    fields = _fields(text)
    layout, y = _layout(fields, 1)
    place_of = {
        item: Stop(aisle, y(cell)) for item, aisle, cell in _rows(text, r"ID (\d+) AISLE (\d+) CELL (\d+) QUANTITY")
    }
    orders = []
    for part in text[text.index("ORDER_SECTION") :].split("NUM_ARTICLES_IN_ORDER")[1:]:
        orders.append(_rows(part, r"ID (\d+) QUANTITY (\d+)"))
    places = sorted(set(place_of.values()))
    spots = _spots([[place_of[item] for item, _ in order] for order in orders], places)
    load = np.array([[sum(pieces for _, pieces in order)] for order in orders])
    work = Work(spots, load, np.array([int(fields["PICKER_CAPACITY"])]), np.array([stop.aisle for stop in places]))
    return work, InAisles(layout, places)


def _foodmart(text):
    """Orders take whole boxes of a trolley; distances are given, and may be walked one way."""
    words = re.split(r"^//(.*)$", text, flags=re.M)
    parts = {title.strip(): body.split("\n") for title, body in zip(words[1::2], words[2::2], strict=True)}

    def numbers(title):
        found = next(body for key, body in parts.items() if key.startswith(title))
        return [[float(word) for word in line.split()] for line in found if line.strip()]

    location = {int(row[0]): int(row[1]) for row in numbers("Idx Location Volume")}
    orders = [[int(number) for number in row] for row in numbers("Idx M NbProdInOrder")]
    ways = numbers("LocStart LocEnd ShortestPath")
    size = int(max(max(row[0], row[1]) for row in ways)) + 1
    between = np.full((size, size), NO_WAY)
    for one, other, metres in ways:
        between[int(one), int(other)] = metres
    np.fill_diagonal(between, 0.0)
    places = sorted(set(location.values()))
    spots = _spots([[location[item] for item in order[3::2]] for order in orders], places)
    capacity = np.array([int(numbers("K: NbBoxesTrolley")[0][0])])
    work = Work(spots, np.array([[order[1]] for order in orders]), capacity, np.arange(len(places)))
    start, end = (int(numbers(title)[0][0]) for title in ("DepartingDepot", "ArrivalDepot"))
    return work, ByMatrix(between, start=start, end=end, places=places)


def _spots(orders, places):
    number = {place: i for i, place in enumerate(places)}
    spots = np.zeros((len(orders), len(places)), dtype=bool)
    for order, stops in enumerate(orders):
        spots[order, [number[stop] for stop in stops]] = True
    return spots


def _fields(text):
    return dict(re.findall(r"^(\w+) : (.+?)\s*$", text, re.M))


def _rows(text, pattern):
    return [tuple(map(int, found)) for found in re.findall(f"^{pattern}", text, re.M)]
