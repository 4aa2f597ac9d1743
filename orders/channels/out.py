"""What platforms are told: how many pieces there are, what left, what is cancelled, changed or paid back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.channels.shop import Shop, ShopError

MOST_CALLS = 100  # made in one go to find which numbers a platform refuses


@dataclass(frozen=True)
class Place:
    """A place where a platform counts stock."""

    place_id: str
    name: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class Variant:
    """Goods of a platform that it counts, at one of its places ("": it knows none)."""

    item_id: str
    code: str
    name: str = ""
    parent_id: str = ""
    place_id: str = ""
    pieces: int | None = None


@dataclass(frozen=True)
class Piece:
    """So many pieces are to stand at a variant; `key` and `revision` are our own, to know the answer by."""

    key: int
    revision: int
    item_id: str
    parent_id: str
    place_id: str
    pieces: int


@dataclass(frozen=True)
class ShipmentOut:
    """A parcel left with `lines` {their id of a line: pieces}; with others that were told left `before`.

    `parcel` is our name of it, `reference` a number that no other parcel of the order has, `is_last` whether nothing
    follows, `is_shared` whether one that was told has the same tracking number.
    """

    order_id: str
    parcel: str
    lines: Mapping[str, int]
    before: Mapping[str, int]
    number: str = ""
    carrier: str = ""
    url: str = ""
    is_last: bool = False
    is_shared: bool = False
    reference: int = 0
    left_at: datetime | None = None


@dataclass(frozen=True)
class RetractionOut:
    """A parcel that was told has not left: `external_id` is what was made of it there, if that is known.

    `number` is "" where another that was told has the same.
    """

    order_id: str
    parcel: str
    number: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class CancellationOut:
    """Of each line so many pieces stay, `keep` {their id: pieces}; `is_whole` when none does and nothing left.

    `is_over` when all that stays has left.
    """

    order_id: str
    keep: Mapping[str, int]
    is_whole: bool
    mark: str
    reason: str = ""
    place_id: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class RefundOut:
    """So much goes back to the customer over what he paid with."""

    order_id: str
    amount: Decimal
    mark: str
    reason: str = ""


@dataclass(frozen=True)
class LineOut:
    """So many pieces of a line stay; they cost `amount` before their discount and `total` after it, without tax.

    `line_id` is "" where the line was added here, `item_id` where the platform is not known to count such goods.
    """

    sku: str
    pieces: int
    amount: Decimal
    total: Decimal
    line_id: str = ""
    item_id: str = ""
    parent_id: str = ""


@dataclass(frozen=True)
class ChangeOut:
    """Somebody changed an order here: `fields` are those that he changed, as they are now, by our names.

    `lines` are all that stay, empty where he changed none; fewer pieces are a CancellationOut.
    """

    order_id: str
    fields: Mapping[str, Any]
    mark: str
    lines: tuple[LineOut, ...] = ()


Letter = ShipmentOut | RetractionOut | CancellationOut | RefundOut | ChangeOut


def leave_to_people(who: str, rest: Sequence[str]) -> None:
    """Raise the ShopError that names what a platform cannot be told, if there is anything."""
    if rest:
        raise ShopError(f"{who} cannot be told, change it there by hand: {', '.join(rest)}.", retry=False)


def more_of(lines: Sequence[LineOut], there: Mapping[str, int]) -> list[str]:
    """Return, in words, the pieces that lines have beyond those `there` ({their id of a line: pieces})."""
    more = [(line.pieces - there.get(line.line_id, 0), line.sku) for line in lines]
    return [f"{pieces} more of {sku}" for pieces, sku in more if pieces > 0]


def pieces_of(shipments: Iterable[Mapping[str, Any]], items: str, line: str) -> Counter[str]:
    """Return {their id of a line: pieces} of a platform's shipments, by what it calls their items and that id."""
    found: Counter[str] = Counter()
    for row in shipments:
        for item in row.get(items) or []:
            found[str(item.get(line))] += int(item.get("quantity") or 0)
    return found


def not_told(letter: ShipmentOut, ours: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    """Return {line: pieces} that no shipment there has: by those known as `ours`, else by what is `gone` altogether."""
    done = ours or {line: gone.get(line, 0) - letter.before.get(line, 0) for line in letter.lines}
    missing = {line: pieces - max(done.get(line, 0), 0) for line, pieces in letter.lines.items()}
    return {line: pieces for line, pieces in missing.items() if pieces > 0}


def set_in_parts(parts: Iterable[list[Piece]], set_all: Callable[[list[Piece]], dict[int, str]]) -> dict[int, str]:
    """Set numbers a call each part; returns {key: why} of those refused, which is what `set_all` returns too.

    As one that is wrong may keep its whole call from being done, a part that is refused is sent in halves, and
    given up after MOST_CALLS: a shop may refuse them all.
    """
    refused: dict[int, str] = {}
    waiting, calls = list(parts), 0
    while waiting:
        part, calls = waiting.pop(0), calls + 1
        try:
            refused |= set_all(part)
        except ShopError as error:
            if error.retry:
                raise
            if len(part) > 1 and calls < MOST_CALLS:
                waiting += [part[: len(part) // 2], part[len(part) // 2 :]]
            else:
                refused |= {piece.key: str(error) for piece in part}
    return refused


def split_name(name: str) -> tuple[str, str]:
    """Return a name as platforms want it, (first, last), which together read as before."""
    first, _, last = name.rpartition(" ")
    return first, last


def told_by(
    *,
    ship: Callable[[Shop, ShipmentOut], str],
    retract: Callable[[Shop, RetractionOut], str],
    cancel: Callable[[Shop, CancellationOut], str],
    refund: Callable[[Shop, RefundOut], str],
    change: Callable[[Shop, ChangeOut], str],
) -> Callable[[Shop, Letter], str]:
    """Return the `tell` of a platform that has a function for each kind of letter."""
    kinds: dict[type, Callable[[Shop, Any], str]]
    kinds = {ShipmentOut: ship, RetractionOut: retract, CancellationOut: cancel, RefundOut: refund, ChangeOut: change}
    return lambda shop, letter: kinds[type(letter)](shop, letter)


@dataclass(frozen=True)
class Teller:
    """How one platform is told; what is told twice stands there once. All raise ShopError.

    `places(shop)` are where the platform counts stock, none where it knows no places, `variants(shop)` all goods that
    it counts, page by page. `set_stock(shop, pieces)` sets what is there, and returns {key: why} of those that it did
    not take. `tell(shop, letter)` looks whether it stands there already, does it if not, and returns the platform's id
    of what that made, "" where it made nothing. `at_once` pieces are set together: after a failure nobody knows of any
    of them, and knows of all before.
    """

    places: Callable[[Shop], list[Place]]
    variants: Callable[[Shop], Iterator[list[Variant]]]
    set_stock: Callable[[Shop, Sequence[Piece]], dict[int, str]]
    tell: Callable[[Shop, Letter], str]
    at_once: int = 1000
