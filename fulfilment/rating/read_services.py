"""A service out of a rate card's document."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fulfilment.rating.card import LENGTH_UNITS, MEASURES, WEIGHT_UNITS, Bound, Dimensional, Service
from fulfilment.rating.fields import Fields

MOST_BREAKS = 1_000
MOST_DAYS = 60
DIVISORS = 100_000
BOUNDS = ("above", "at_least", "below", "at_most")
PLACES = 4  # of measures
ANY = 2**62


@dataclass(frozen=True)
class Frame:
    """What the readers of a card's parts need of the whole: units, the step of weight, {zone: index}."""

    decimals: int
    weight_unit: str
    length_unit: str
    step: Fraction
    zones: dict[str, int]

    @property
    def cent(self) -> Decimal:
        return Decimal(1).scaleb(-self.decimals)

    def unit(self, measure: str) -> int:
        """Return in how many whole units one of `measure` in the card's unit is held."""
        length = LENGTH_UNITS[self.length_unit]
        if measure == "weight":
            return WEIGHT_UNITS[self.weight_unit]
        return {"volume": length**3, "value": 10**self.decimals}.get(measure, length)

    def steps(self, fields: Fields, name: str, value: object) -> int:
        """Return the weight `value` at `name` in steps; one that is no multiple of the step is noted."""
        count = Fraction(fields.whole(value, name, places=6, unit=Decimal("0.000001")), 10**6) / self.step
        if count.denominator != 1:
            fields.blame(name, f"{value} {self.weight_unit} is no multiple of {self.step}.")
        return int(count)

    def money(self, fields: Fields, name: str, value: object) -> int:
        """Return the amount `value` at `name` in cents."""
        return fields.whole(value, name, places=self.decimals, unit=self.cent)


def read_service(fields: Fields, frame: Frame, *, shared: Fields) -> Service:
    """Return the Service of an object; what it does not say of volume and cut-off, the card (`shared`) does."""
    breaks = tuple(
        frame.steps(fields, "breaks", value) for value in fields.items("breaks", most=MOST_BREAKS, needed=True)
    )
    if list(breaks) != sorted(set(breaks)) or breaks[:1] == (0,):
        fields.blame("breaks", "Give weights that ascend from above 0.")
    own = fields if fields.has("dimensional") else shared
    code = fields.text("code")
    return Service(
        code=code,
        name=fields.text("name", default=code),
        breaks=breaks,
        prices=_prices(fields, frame, len(breaks)),
        extra=_by_zone(fields, "extra", frame, money=True),
        days=_by_zone(fields, "days", frame, money=False),
        discount=fields.percent("discount"),
        minimum=frame.money(fields, "minimum", fields.values.get("minimum") or 0),
        dimensional=_dimensional(own, frame) if own.has("dimensional") else None,
        limits=read_bounds(fields.inner("limits", MEASURES), frame, only=("at_most",)),
        cutoff=_cutoff(fields if fields.has("cut_off") else shared),
    )


def _prices(fields: Fields, frame: Frame, breaks: int) -> tuple[tuple[int | None, ...], ...]:
    """Return the prices by zone and break; a zone that is not named has none."""
    by_zone = fields.inner("prices", tuple(frame.zones))
    if not by_zone.values:
        fields.blame("prices", "Give a list of prices for each zone.")
    rows = []
    for zone in frame.zones:
        values = by_zone.items(zone, most=MOST_BREAKS)
        if by_zone.has(zone) and len(values) != breaks:
            by_zone.blame(zone, f"There are {len(values)} prices for {breaks} breaks.")
        values = (values + [None] * breaks)[:breaks]
        rows.append(tuple(None if value is None else frame.money(by_zone, zone, value) for value in values))
    return tuple(rows)


def _by_zone(fields: Fields, name: str, frame: Frame, *, money: bool) -> tuple[int | None, ...]:
    """Return an amount or a number of days for each zone, None where there is none; one value is for all zones."""
    value = fields.values.get(name)
    if isinstance(value, dict):
        inner = fields.inner(name, tuple(frame.zones))
        return tuple(_amount(inner, zone, inner.values.get(zone), frame, money) for zone in frame.zones)
    return (_amount(fields, name, value, frame, money),) * len(frame.zones)


def _amount(fields: Fields, name: str, value: object, frame: Frame, money: bool) -> int | None:
    if value is None:
        return None
    if money:
        return frame.money(fields, name, value)
    days = fields.whole(value, name, places=0)
    if days > MOST_DAYS:
        fields.blame(name, f"More than {MOST_DAYS} days is a mistake.")
    return min(days, MOST_DAYS)


def _dimensional(fields: Fields, frame: Frame) -> Dimensional | None:
    inner = fields.inner("dimensional", ("divisor", "above"))
    divisor = inner.number("divisor", places=0)
    if not 0 < divisor <= DIVISORS:
        inner.blame("divisor", f"Give a whole number from 1 to {DIVISORS:,}, such as 139 or 5000.")
    return Dimensional(max(1, divisor), inner.number("above", places=0))


def _cutoff(fields: Fields) -> str:
    text = fields.text("cut_off", default="")
    if text and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        fields.blame("cut_off", "Give a time of day as 17:00.")
        return ""
    return text


def read_bounds(fields: Fields, frame: Frame, *, only: tuple[str, ...] = BOUNDS) -> tuple[Bound, ...]:
    """Return the Bound of each measure that is named; {"longest": {"above": 48}}, or the number with one `only`."""
    found = []
    for measure, said in fields.values.items():
        if measure in MEASURES:
            values = said if isinstance(said, dict) else {only[0]: said} if len(only) == 1 else {}
            found.append(_bound(Fields(values, fields.at(measure), fields.problems, only), frame, measure))
    return tuple(found)


def _bound(fields: Fields, frame: Frame, measure: str) -> Bound:
    if not fields.values:
        fields.blame("", f"Give one of {', '.join(BOUNDS)}.")
    unit = Fraction(frame.unit(measure), 10**PLACES)
    least, most = 0, ANY
    for name in fields.values:
        if name not in BOUNDS:
            continue
        edge = fields.number(name, places=PLACES, unit=Decimal(1).scaleb(-PLACES)) * unit
        if name in ("above", "at_least"):
            least = max(least, edge.__floor__() + 1 if name == "above" else edge.__ceil__())
        else:
            most = min(most, edge.__ceil__() - 1 if name == "below" else edge.__floor__())
    return Bound(MEASURES.index(measure), least, most)
