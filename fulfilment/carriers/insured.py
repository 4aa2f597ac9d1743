from decimal import Decimal

from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Shipment
from oms.lib.money import ZERO, quantise
from orders.models import ExchangeRate


def insured_in(shipment: Shipment, currency: str) -> Decimal:
    """Return for how much a shipment is insured in the carrier's `currency`; 0: it is not.

    Raises CarrierError where that is another currency and no exchange rate is known.
    """
    if not shipment.insured or shipment.currency == currency:
        return shipment.insured or ZERO
    rate = ExchangeRate.objects.on(timezone.localdate(), currency=currency, home=shipment.currency)
    if rate is None:
        text = (
            f"It insures in {currency}, and there is no exchange rate of {currency} in {shipment.currency}: enter one."
        )
        raise CarrierError(text, retry=False)
    return quantise(shipment.insured / rate, currency)
