"""Where a sale is taxed: EU VAT by destination (directive 2006/112/EC, art. 33, 138, 146), US by state."""

from dataclasses import dataclass
from decimal import Decimal

EU = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU")
    + ("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)

REVERSE_CHARGE = "reverse_charge"
EXPORT = "export"


@dataclass(frozen=True)
class Regime:
    """Whether tax is due, and the wording that the invoice owes where it is not ("" where it is)."""

    is_taxed: bool
    note: str = ""


def regime(*, seller_country, country, has_vat_id):
    """Return the Regime of a sale from `seller_country` to `country` (ISO 3166).

    A business with a VAT id in another EU state owes the tax itself; what leaves the seller's tax
    union bears none of its taxes.
    """
    if seller_country in EU and country in EU and country != seller_country and has_vat_id:
        return Regime(False, REVERSE_CHARGE)
    if seller_country != country and not (seller_country in EU and country in EU):
        return Regime(False, EXPORT)
    return Regime(True)


def rate_of(rates, *, region, tax_class):
    """Return the rate of `tax_class` among `rates` ({(region, class): Decimal}) of one country.

    The region's own rate wins over the country's; a class without a rate of its own has the
    standard one, "zero" and unknown countries none.
    """
    if tax_class == "zero":
        return Decimal(0)
    for key in ((region, tax_class), ("", tax_class), (region, "standard"), ("", "standard")):
        if key in rates:
            return rates[key]
    return Decimal(0)
