"""A published rate card as data: zones, services, surcharges in order, fuel.

All is whole numbers, so that nothing is rounded but where a card says so: money in the smallest amount of the
card's currency (cents), percentages in millionths, weights in 1/8,000,000 g and lengths in 1/100 mm, in which pound
(453.59237 g), its sixteenth and tenth, inch (25.4 mm), kilogram and centimetre are whole (international yard and pound
agreement, 1959).
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

GRAM, MILLIMETRE = 8_000_000, 100
WEIGHT_UNITS = {"lb": 80 * 45_359_237, "kg": 1_000 * GRAM, "g": GRAM}
LENGTH_UNITS = {"in": 2_540, "cm": 1_000}
MILLION = 1_000_000
# How each side is brought to a whole unit before anything is made of it.
UP, NEAREST, EXACT = "up", "nearest", "exact"
# What conditions and limits look at; sides are those after rounding, `girth` is length + 2 × (width + height).
MEASURES = ("weight", "longest", "second", "shortest", "girth", "volume", "value")


@dataclass(frozen=True)
class Dimensional:
    """Volume that is billed as weight: cubic length units to one weight unit, where the volume is more than `above`."""

    divisor: int
    above: int = 0  # cubic length units; 166 above 1,728 in³ is "one cubic foot"


@dataclass(frozen=True)
class ZoneRule:
    """From every origin to every destination of these prefixes it is `zone`, an index of `Card.zones`."""

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    zone: int


@dataclass(frozen=True)
class Bound:
    """That a measure (an index of MEASURES, in its whole units) lies between `least` and `most`, both included."""

    measure: int
    least: int
    most: int


@dataclass(frozen=True)
class Service:
    """One way of sending; `prices` [zone][break] in cents, None where it is not offered, `breaks` in steps of weight.

    A parcel pays the price of the first break that is not below its billable weight; above the last, `extra`
    [zone] cents for each step more, or it is not taken. `days` [zone] are working days on the road, None unknown.
    """

    code: str
    name: str
    breaks: tuple[int, ...]
    prices: tuple[tuple[int | None, ...], ...]
    extra: tuple[int | None, ...]
    days: tuple[int | None, ...]
    discount: int = 0  # millionths of the price
    minimum: int = 0  # cents that the price is at least, after the discount
    dimensional: Dimensional | None = None
    limits: tuple[Bound, ...] = ()
    cutoff: str = ""  # "17:00": what is ready later leaves on the next working day


@dataclass(frozen=True)
class Surcharge:
    """An amount by zone, or a share, on top of the price of what all its conditions hold for.

    A share is of the freight (price, discount, minimum), or, `of_running`, of all that stands above it. `per_value`
    (over, step) multiplies the amount by the steps of declared value above `over`, each begun one counted. Of the
    surcharges of one `group` only the first that applies is charged. `billed_at_least` raises the billable weight.
    """

    code: str
    name: str
    amounts: tuple[int, ...] = ()  # by zone; empty for a share
    share: int = 0  # millionths
    of_running: bool = False
    least: int = 0
    most: int | None = None
    takes_fuel: bool = False
    once_a_shipment: bool = False
    group: str = ""
    per_value: tuple[int, int] | None = None
    billed_at_least: int = 0  # steps
    services: frozenset[int] | None = None  # indices; None: all
    zones: frozenset[int] | None = None
    bounds: tuple[Bound, ...] = ()
    options: tuple[str, ...] = ()  # the parcel has all of these
    destinations: tuple[str, ...] = ()  # prefixes; empty: anywhere
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Fuel:
    """From `first` on, `share` (millionths) on the freight and on each surcharge that takes fuel."""

    first: date
    share: int
    services: frozenset[int] | None = None


@dataclass(frozen=True)
class Card:
    """A whole card. `decimals` are those of its currency, `step` the weight unit's part that weights are rounded up to.

    `sides` are (from that day on, how each side is rounded), by day; UPS and FedEx round each up since
    18 August 2025, and to the nearest inch before.
    """

    decimals: int
    weight_unit: str
    length_unit: str
    step: Fraction
    zones: tuple[str, ...]
    zone_rules: tuple[ZoneRule, ...]
    services: tuple[Service, ...]
    sides: tuple[tuple[date, str], ...] = ((date.min, UP),)
    surcharges: tuple[Surcharge, ...] = ()
    fuel: tuple[Fuel, ...] = field(default=())


class CardError(Exception):
    """A document is no rate card; `problems` is {where in the document: what is wrong there}."""

    def __init__(self, problems: dict[str, str]):
        super().__init__("; ".join(f"{path or 'card'}: {text}" for path, text in problems.items()))
        self.problems = problems
