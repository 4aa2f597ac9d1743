"""Filling the tax table."""

from oms.lib.commands import command
from orders.models import TaxRate
from orders.services.pricing import forget_rates
from orders.tax.table import rows


@command
def load():
    """Add the rates of `orders.tax.table` that are not there; what was mended by hand stays.

    Returns how many were added.
    """
    before = TaxRate.objects.count()
    names = ("country", "region", "tax_class", "rate", "valid_from", "valid_to")
    TaxRate.objects.bulk_create(
        [TaxRate(**dict(zip(names, row, strict=True))) for row in rows()], ignore_conflicts=True
    )
    forget_rates()
    return TaxRate.objects.count() - before
