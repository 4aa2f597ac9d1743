"""A rate card out of its document (JSON): every field checked, every problem named where it stands."""

from datetime import date
from fractions import Fraction
from typing import Any

from fulfilment.rating.card import (
    EXACT,
    LENGTH_UNITS,
    NEAREST,
    UP,
    WEIGHT_UNITS,
    Card,
    CardError,
    Fuel,
    ZoneRule,
)
from fulfilment.rating.fields import Fields
from fulfilment.rating.read_services import Frame, read_service
from fulfilment.rating.read_surcharges import read_surcharge
from fulfilment.rating.zones import read_prefixes

FIELDS = (
    "weight_unit",
    "length_unit",
    "weight_step",
    "sides",
    "dimensional",
    "zones",
    "cut_off",
    "services",
    "surcharges",
    "fuel",
)
MOST_ZONE_RULES, MOST_SERVICES, MOST_SURCHARGES, MOST_FUELS, MOST_PAIRS = 2_000, 100, 100, 500, 1_000_000
SERVICE_FIELDS = (
    "code",
    "name",
    "breaks",
    "prices",
    "extra",
    "days",
    "discount",
    "minimum",
    "dimensional",
    "limits",
    "cut_off",
)
SURCHARGE_FIELDS = (
    "code",
    "name",
    "amount",
    "amounts",
    "percent",
    "of",
    "least",
    "most",
    "fuel",
    "per",
    "group",
    "per_value",
    "billed_at_least",
    "services",
    "zones",
    "when",
    "from",
    "until",
)
MOST_PARTS = 16  # of a weight unit: ounces of a pound


def read(document: Any, *, decimals: int = 2) -> Card:
    """Return the Card of a document; `decimals` are those of its currency. README.md shows the fields.

    Raises CardError with all that is wrong: {"services[2].prices.5": "…"}, lists counted from 1.
    """
    problems: dict[str, str] = {}
    fields = Fields(document, "", problems, FIELDS)
    weight_unit = fields.choice("weight_unit", tuple(WEIGHT_UNITS), default="kg")
    length_unit = fields.choice("length_unit", tuple(LENGTH_UNITS), default="cm")
    zones, rules = _zones(fields)
    frame = Frame(decimals, weight_unit, length_unit, _step(fields), zones)
    services = [
        read_service(one, frame, shared=fields)
        for one in fields.objects("services", SERVICE_FIELDS, most=MOST_SERVICES, needed=True)
    ]
    by_code = {service.code: i for i, service in enumerate(services)}
    if len(by_code) < len(services):
        fields.blame("services", "Two services have one code.")
    surcharges = [
        read_surcharge(one, frame, by_code)
        for one in fields.objects("surcharges", SURCHARGE_FIELDS, most=MOST_SURCHARGES)
    ]
    card = Card(
        decimals=decimals,
        weight_unit=weight_unit,
        length_unit=length_unit,
        step=frame.step,
        zones=tuple(zones),
        zone_rules=rules,
        services=tuple(services),
        sides=_sides(fields),
        surcharges=tuple(surcharges),
        fuel=_fuel(fields, by_code),
    )
    if problems:
        raise CardError(problems)
    return card


def _step(fields: Fields) -> Fraction:
    """Return the part of a weight unit that weights are rounded up to: a multiple, or 1/2 to 1/16, of it."""
    text = str(fields.values.get("weight_step", "1"))
    try:
        step = Fraction(text)
    except (ValueError, ZeroDivisionError):
        step = Fraction(0)
    if not 0 < step <= 1_000 or step.denominator > MOST_PARTS:
        fields.blame("weight_step", 'Give a step such as "1", "0.5" or "1/16" of the weight unit.')
        return Fraction(1)
    return step


def _zones(fields: Fields) -> tuple[dict[str, int], tuple[ZoneRule, ...]]:
    """Return ({zone: its index}, the rules); two rules that say two things of one pair of prefixes are refused."""
    zones: dict[str, int] = {}
    rules: list[ZoneRule] = []
    said: dict[tuple[str, str], int] = {}
    for one in fields.objects("zones", ("from", "to", "zone"), most=MOST_ZONE_RULES, needed=True):
        origins, destinations = (read_prefixes(one, name, most=MOST_ZONE_RULES, needed=True) for name in ("from", "to"))
        rule = ZoneRule(origins, destinations, zones.setdefault(one.text("zone"), len(zones)))
        if len(said) + len(rule.origins) * len(rule.destinations) > MOST_PAIRS:
            one.blame("to", f"More than {MOST_PAIRS:,} pairs of prefixes: write shorter ones.")
            break
        rules.append(rule)
        for pair in ((o, d) for o in rule.origins for d in rule.destinations):
            if said.setdefault(pair, rule.zone) != rule.zone:
                one.blame("to", f"From {pair[0] or '*'} to {pair[1] or '*'} has another zone already.")
    return zones, tuple(rules)


def _sides(fields: Fields) -> tuple[tuple[date, str], ...]:
    found = {}
    for one in fields.objects("sides", ("from", "round"), most=20):
        day = one.day("from") or date.min
        if day in found:
            one.blame("from", "This day is there twice.")
        found[day] = one.choice("round", (UP, NEAREST, EXACT), default="")
    return tuple(sorted(found.items())) or ((date.min, UP),)


def _fuel(fields: Fields, services: dict[str, int]) -> tuple[Fuel, ...]:
    found = []
    for one in fields.objects("fuel", ("from", "percent", "services"), most=MOST_FUELS):
        if not one.has("percent"):
            one.blame("percent", "Give a percentage.")
        found.append(Fuel(one.day("from") or date.min, one.percent("percent"), one.indices("services", services)))
    return tuple(sorted(found, key=lambda fuel: fuel.first))
