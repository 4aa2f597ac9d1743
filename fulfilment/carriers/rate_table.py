from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from fulfilment.carriers.base import CarrierError, Rate, Shipment
from fulfilment.carriers.insured import insured_in
from fulfilment.carriers.manual import Manual
from fulfilment.models import RateCard
from fulfilment.rating.card import GRAM, MILLIMETRE, CardError
from fulfilment.rating.piece import Piece
from fulfilment.rating.price import Bill, price
from fulfilment.rating.read import read
from fulfilment.rating.table import Table, compile_card
from fulfilment.rating.zones import place

KEPT = 32
HALF = Decimal("0.5")


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
        table = _table(card.pk, card.digest, day)
        prices = price(table, [_piece(shipment, card.currency, table)])
    except (CardError, ValueError) as error:
        raise CarrierError(f"{card}: {error}"[:200], retry=False) from error
    return [prices.bill(0, s) for s, is_offered in enumerate(prices.offered[0]) if is_offered]


@lru_cache(maxsize=KEPT)
def _table(pk: int, digest: str, day: date) -> Table:
    """Return the arrays of a card on a day; another document has another digest."""
    card = RateCard.objects.get(pk=pk)
    return compile_card(read(card.document, decimals=get_currency_precision(card.currency)), day)


def _piece(shipment: Shipment, currency: str, table: Table) -> Piece:
    """Return the shipment as cards see it: what is insured is its value, one without a company is "residential"."""
    sender, recipient = shipment.sender, shipment.recipient
    gram, mm = Decimal(table.weight_unit) / GRAM, Decimal(table.length_unit) / MILLIMETRE
    sides = tuple(_nominal(side, mm) for side in shipment.size_mm if side)
    return Piece(
        origin=place(sender.get("country") or "", sender.get("postcode") or ""),
        destination=place(recipient.get("country") or "", recipient.get("postcode") or ""),
        weight_g=_nominal(shipment.weight_g or 0, gram),
        sides_mm=(sides[0], sides[1], sides[2]) if len(sides) == 3 else None,
        value=int(insured_in(shipment, currency).scaleb(get_currency_precision(currency))),
        options=frozenset() if recipient.get("company") else frozenset(["residential"]),
    )


def _nominal(measured: int, unit: Decimal) -> Decimal:
    """Return the whole `unit` of the card that a whole number of grams or millimetres was rounded from, else itself.

    A carton of 12 inches has 305 mm with us, and no carrier bills it as 13.
    """
    whole = round(measured / unit) * unit
    return whole if whole and abs(whole - measured) <= HALF else Decimal(measured)


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
