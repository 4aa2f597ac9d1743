"""Who we are to those we buy from; named in oms.panels."""

from django.utils import timezone

from orders.models import ExchangeRate, Seller


def company():
    """Return {"name", "vat_id", "address", "email", "phone", "currency"} of the first seller, or {}."""
    seller = Seller.objects.order_by("pk").first()
    if seller is None:
        return {}
    return {
        "name": seller.legal_name,
        "vat_id": seller.vat_id,
        "address": seller.address,
        "email": seller.email,
        "phone": seller.phone,
        "currency": seller.home_currency,
    }


def home_rate(currency, home):
    """Return how much of `home` one unit of `currency` is worth today; None where no rate was entered."""
    return ExchangeRate.objects.on(timezone.localdate(), currency=currency, home=home)
