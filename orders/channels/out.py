"""What platforms are told, whichever they are: how many pieces there are, what left, what is cancelled, paid back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orders.channels.shop import Shop


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
class Teller:
    """How one platform is told; what is told twice stands there once. All but `headers` raise ShopError.

    `headers(credentials)` is sent along with each call. `places(shop)` are where the platform counts stock, none where
    it knows no places, `variants(shop)` all goods that it counts, page by page. `set_stock(shop, pieces)` sets what is
    there, and returns {key: why} of those that it did not take.
    """

    headers: Callable[[Mapping[str, str]], dict[str, str]]
    places: Callable[[Shop], list[Place]]
    variants: Callable[[Shop], Iterator[list[Variant]]]
    set_stock: Callable[[Shop, Sequence[Piece]], dict[int, str]]
