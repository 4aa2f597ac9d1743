"""What EasyPost asks for insurance: https://docs.easypost.com/docs/shipments/shipping-insurance, /docs/fees."""

from dataclasses import replace
from decimal import Decimal

from fulfilment.carriers.base import Rate, Shipment
from fulfilment.carriers.insured import insured_in
from fulfilment.carriers.tree import Node
from oms.lib.money import ZERO, quantise

INSURES_IN = "USD"
SHARE, LEAST = Decimal("0.01"), Decimal("1.00")  # of what is insured, as it was published in 2025


def with_premium(rate: Rate, shipment: Shipment) -> Rate:
    """Return a rate with what insuring the shipment adds to it. Raises CarrierError without an exchange rate."""
    insured = insured_in(shipment, INSURES_IN)
    if not insured:
        return rate
    premium = _in(rate.currency, max(insured * SHARE, LEAST), shipment)
    return replace(rate, amount=rate.amount + premium, terms=(*rate.terms, ("Insurance", premium)))


def charged(found: Node, shipment: Shipment) -> Decimal | None:
    """Return what a shipment that was bought cost: its rate, and the premium that its fees tell (in dollars)."""
    rate = found.at("selected_rate")
    fees = [row.amount("amount") or ZERO for row in found.rows("fees") if row.text("type") == "InsuranceFee"]
    postage = rate.amount("rate")
    if postage is None or not any(fees):
        return postage
    return postage + _in(rate.text("currency"), sum(fees, ZERO), shipment)


def _in(currency: str, dollars: Decimal, shipment: Shipment) -> Decimal:
    """Return dollars in another currency, at the rate at which the shipment is insured."""
    if currency == INSURES_IN:
        return quantise(dollars, currency)
    return quantise(dollars * insured_in(shipment, currency) / insured_in(shipment, INSURES_IN), currency)
