"""Rate shopping: the cheapest service that keeps the promise, as a channel's rule has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Offer:
    """One service of one carrier for a parcel; `arrives` None where the carrier does not say."""

    carrier: str
    service: str
    amount: Decimal
    arrives: date | None
    is_preferred: bool = False


@dataclass(frozen=True)
class Choice:
    """The offers, the one to take first and the runner-up second; `reason` in words, `is_late` when none is in time."""

    ranked: tuple[Offer, ...]
    reason: str
    is_late: bool


def choose(offers: Sequence[Offer], *, promised: date | None, most_extra: Decimal | None = None) -> Choice:
    """Return the offers as they are to be preferred.

    In time is what arrives on the day `promised` or before; without a promise all is. Of those the cheapest, but one
    of a preferred carrier where it costs at most `most_extra` more (None: whatever it costs). When none is in time,
    the fastest; what does not say when it arrives comes last. Equals: the earlier one, then by name. Raises
    ValueError without an offer.
    """
    if not offers:
        raise ValueError("Nobody offers anything.")
    in_time = sorted((offer for offer in offers if _keeps(offer, promised)), key=_price)
    late = sorted((offer for offer in offers if not _keeps(offer, promised)), key=_speed)
    if not in_time:
        return Choice(tuple(late), f"No service keeps {_day(promised)}; {_when(late[0])}.", True)
    first = _preferred(in_time, most_extra) or in_time[0]
    ranked = [first, *(offer for offer in in_time if offer is not first), *late]
    return Choice(tuple(ranked), _reason(first, in_time, promised), False)


def _reason(first: Offer, in_time: list[Offer], promised: date | None) -> str:
    keeps = f" that keeps {_day(promised)}" if promised else ""
    if first is not in_time[0]:
        return f"Preferred carrier, {first.amount - in_time[0].amount} above the cheapest{keeps}."
    if len(in_time) == 1:
        return f"The only one{keeps}."
    return f"Cheapest of {len(in_time)}{keeps.replace('keeps', 'keep')}."


def _when(offer: Offer) -> str:
    return f"the fastest arrives on {_day(offer.arrives)}" if offer.arrives else "of none is it known when it arrives"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b}" if day else "the promise"


def _keeps(offer: Offer, promised: date | None) -> bool:
    return promised is None or (offer.arrives is not None and offer.arrives <= promised)


def _preferred(in_time: list[Offer], most_extra: Decimal | None) -> Offer | None:
    """Return the cheapest offer of a preferred carrier, unless it costs too much more than the cheapest of all."""
    found = next((offer for offer in in_time if offer.is_preferred), None)
    if found and most_extra is not None and found.amount - in_time[0].amount > most_extra:
        return None
    return found


def _price(offer: Offer) -> tuple:
    return offer.amount, offer.arrives or date.max, offer.carrier, offer.service


def _speed(offer: Offer) -> tuple:
    return offer.arrives or date.max, offer.amount, offer.carrier, offer.service
