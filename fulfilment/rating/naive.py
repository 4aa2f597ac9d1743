"""The same rates a rule at a time in plain loops and Decimal: what benches and tests hold `price` against."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from fulfilment.rating.card import (
    EXACT,
    GRAM,
    LENGTH_UNITS,
    MEASURES,
    MILLIMETRE,
    MILLION,
    NEAREST,
    UP,
    WEIGHT_UNITS,
    Card,
    Service,
    Surcharge,
)
from fulfilment.rating.piece import Piece

CENT = Decimal(1)
ROUNDINGS = {UP: ROUND_CEILING, NEAREST: ROUND_HALF_UP}


def rate(card: Card, pieces: Sequence[Piece], on: date) -> list[list[list[Decimal] | None]]:
    """Return the cents of each term [piece][service][term], in the order of `price`; None where not offered."""
    charged: set[tuple[int, str]] = set()
    found = []
    for piece in pieces:
        zone = _zone(card, piece)
        size = _sides(card, piece, on)
        holding = [rule for rule in card.surcharges if _day(rule, on)]
        once = [zone is not None and _is_first(rule, piece, size, zone, charged) for rule in holding]
        row = [_bill(card, service, piece, size, zone, on, once) for service in range(len(card.services))]
        found.append(row)
    return found


def _bill(
    card: Card, index: int, piece: Piece, size: list[Decimal], zone: int | None, on: date, once: list[bool]
) -> list[Decimal] | None:
    service = card.services[index]
    if zone is None or not all(_seen(piece, size)[bound.measure] <= bound.most for bound in service.limits):
        return None
    holding = [rule for rule in card.surcharges if _day(rule, on)]
    groups: set[str] = set()
    apply = []
    for rule, is_first in zip(holding, once, strict=True):
        holds = is_first and (rule.services is None or index in rule.services) and rule.group not in groups
        apply.append(holds)
        if holds and rule.group:
            groups.add(rule.group)
    steps = max([_billable(card, service, piece, size), *_floors(holding, apply)])
    base = _price(service, zone, steps)
    if base is None:
        return None
    terms = [base, -_half_up(base * service.discount / MILLION)]
    terms.append(max(Decimal(0), service.minimum - sum(terms, Decimal(0))))
    freight = sum(terms, Decimal(0))
    for rule, holds in zip(holding, apply, strict=True):
        terms.append(_amount(rule, zone, piece, sum(terms, Decimal(0)) if rule.of_running else freight, holds))
    share = [fuel.share for fuel in card.fuel if fuel.first <= on and (fuel.services is None or index in fuel.services)]
    fueled = freight + sum((terms[3 + r] for r, rule in enumerate(holding) if rule.takes_fuel), Decimal(0))
    return [*terms, _half_up(fueled * (share or [0])[-1] / MILLION)]


def _floors(rules: list[Surcharge], apply: list[bool]) -> list[int]:
    return [rule.billed_at_least for rule, holds in zip(rules, apply, strict=True) if holds]


def _zone(card: Card, piece: Piece) -> int | None:
    best: tuple[int, int, int] | None = None
    for rule in card.zone_rules:
        origins = [len(prefix) for prefix in rule.origins if piece.origin.startswith(prefix)]
        destinations = [len(prefix) for prefix in rule.destinations if piece.destination.startswith(prefix)]
        if origins and destinations:
            fit = (max(origins), max(destinations), rule.zone)
            best = fit if best is None or fit[:2] > best[:2] else best
    return best[2] if best else None


def _sides(card: Card, piece: Piece, on: date) -> list[Decimal]:
    unit = Decimal(LENGTH_UNITS[card.length_unit])
    rounding = [name for first, name in card.sides if first <= on][-1:] or [EXACT]
    found = []
    for side in sorted(piece.sides_mm or (), reverse=True):
        size = (Decimal(side) * MILLIMETRE).to_integral_value(ROUND_CEILING)
        if rounding[0] != EXACT:
            size = max(Decimal(1), (size / unit).to_integral_value(ROUNDINGS[rounding[0]])) * unit
        found.append(size)
    return found or [Decimal(0)] * 3


def _seen(piece: Piece, size: list[Decimal]) -> list[Decimal]:
    weight = (Decimal(piece.weight_g) * GRAM).to_integral_value(ROUND_CEILING)
    girth = size[0] + 2 * (size[1] + size[2])
    return [weight, *size, girth, size[0] * size[1] * size[2], Decimal(piece.value)]


def _billable(card: Card, service: Service, piece: Piece, size: list[Decimal]) -> int:
    seen = _seen(piece, size)
    step = Decimal(WEIGHT_UNITS[card.weight_unit]) * card.step.numerator / card.step.denominator
    steps = [(seen[0] / step).to_integral_value(ROUND_CEILING)]
    volume = seen[MEASURES.index("volume")] / Decimal(LENGTH_UNITS[card.length_unit]) ** 3
    if service.dimensional and volume > service.dimensional.above:
        weight = volume * card.step.denominator / (service.dimensional.divisor * card.step.numerator)
        steps.append(weight.to_integral_value(ROUND_CEILING))
    return int(max(steps))


def _price(service: Service, zone: int, steps: int) -> Decimal | None:
    for edge, cents in zip(service.breaks, service.prices[zone], strict=True):
        if steps <= edge:
            return None if cents is None else Decimal(cents)
    last, extra = service.prices[zone][-1], service.extra[zone]
    return None if last is None or extra is None else Decimal(last + extra * (steps - service.breaks[-1]))


def _day(rule: Surcharge, on: date) -> bool:
    return (rule.first is None or rule.first <= on) and (rule.last is None or on <= rule.last)


def _is_first(rule: Surcharge, piece: Piece, size: list[Decimal], zone: int, charged: set[tuple[int, str]]) -> bool:
    """Return whether the conditions hold and, of a surcharge once a shipment, that it was not charged before."""
    seen = _seen(piece, size)
    holds = (
        (rule.zones is None or zone in rule.zones)
        and all(bound.least <= seen[bound.measure] <= bound.most for bound in rule.bounds)
        and all(name in piece.options for name in rule.options)
        and (not rule.destinations or any(piece.destination.startswith(prefix) for prefix in rule.destinations))
    )
    if holds and rule.once_a_shipment and piece.shipment:
        holds = (id(rule), piece.shipment) not in charged
        charged.add((id(rule), piece.shipment))
    return holds


def _amount(rule: Surcharge, zone: int, piece: Piece, of: Decimal, holds: bool) -> Decimal:
    if rule.share:
        amount = _half_up(of * rule.share / MILLION)
    else:
        amount = Decimal(rule.amounts[zone] if rule.amounts else 0)
        if rule.per_value:
            over, step = rule.per_value
            amount *= (Decimal(max(0, piece.value - over)) / step).to_integral_value(ROUND_CEILING)
    if amount > 0:
        amount = max(amount, Decimal(rule.least))
        amount = amount if rule.most is None else min(amount, Decimal(rule.most))
    return amount if holds else Decimal(0)


def _half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
