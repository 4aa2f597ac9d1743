from datetime import date
from functools import lru_cache

from babel.numbers import get_currency_precision

from fulfilment.carriers.base import CarrierError, Rate, Shipment
from fulfilment.carriers.insured import insured_in
from fulfilment.carriers.manual import Manual
from fulfilment.models import RateCard
from fulfilment.rating.card import CardError
from fulfilment.rating.piece import Piece
from fulfilment.rating.price import Bill, price
from fulfilment.rating.read import read
from fulfilment.rating.table import Table, compile_card
from fulfilment.rating.zones import place

KEPT = 32


class RateTable(Manual):
    """A carrier that published what it charges; its labels are bought elsewhere, or ours, as with Manual."""

    def rates(self, shipment: Shipment) -> list[Rate]:
        """Price the shipment by the cards of its carrier that are valid on its day.

        A parcel that was not weighed has no rates. Raises CarrierError when a card cannot be read.
        """
        if not shipment.weight_g or shipment.day is None:
            return []
        found: dict[str, Rate] = {}
        for card in RateCard.objects.valid(shipment.carrier, shipment.day):
            for bill in _bills(card, shipment, shipment.day):
                found.setdefault(bill.service.code, _rate(bill, card.currency))
        return list(found.values())


def _bills(card: RateCard, shipment: Shipment, day: date) -> list[Bill]:
    try:
        prices = price(_table(card.pk, card.digest, day), [_piece(shipment, card.currency)])
    except (CardError, ValueError) as error:
        raise CarrierError(f"{card}: {error}"[:200], retry=False) from error
    return [prices.bill(0, s) for s, is_offered in enumerate(prices.offered[0]) if is_offered]


@lru_cache(maxsize=KEPT)
def _table(pk: int, digest: str, day: date) -> Table:
    """Return the arrays of a card on a day; another document has another digest."""
    card = RateCard.objects.get(pk=pk)
    return compile_card(read(card.document, decimals=get_currency_precision(card.currency)), day)


def _piece(shipment: Shipment, currency: str) -> Piece:
    """Return the shipment as cards see it: what is insured is its value, one without a company is "residential"."""
    sender, recipient = shipment.sender, shipment.recipient
    return Piece(
        origin=place(sender.get("country") or "", sender.get("postcode") or ""),
        destination=place(recipient.get("country") or "", recipient.get("postcode") or ""),
        weight_g=shipment.weight_g or 0,
        sides_mm=shipment.size_mm if all(shipment.size_mm) else None,  # type: ignore[arg-type]
        value=int(insured_in(shipment, currency).scaleb(get_currency_precision(currency))),
        options=frozenset() if recipient.get("company") else frozenset(["residential"]),
    )


def _rate(bill: Bill, currency: str) -> Rate:
    return Rate(
        service=bill.service.code,
        name=bill.service.name,
        amount=bill.total,
        currency=currency,
        days=bill.days,
        cutoff=bill.service.cutoff,
        terms=tuple((term.name, term.amount) for term in bill.terms),
    )
