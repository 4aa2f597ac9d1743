from decimal import Decimal

import pytest

from orders.tax.regime import EU, rate_of, regime
from orders.tax.table import rows


@pytest.mark.parametrize(
    ("seller", "country", "has_vat_id", "note"),
    [
        ("DE", "DE", False, ""),
        ("DE", "DE", True, ""),
        ("DE", "FR", False, ""),
        ("DE", "FR", True, "reverse_charge"),
        ("DE", "CH", False, "export"),
        ("DE", "GB", True, "export"),
        ("US", "US", False, ""),
        ("US", "DE", False, "export"),
    ],
)
def test_regime(seller, country, has_vat_id, note):
    found = regime(seller_country=seller, country=country, has_vat_id=has_vat_id)
    assert (found.note, found.is_taxed) == (note, note == "")


@pytest.mark.parametrize(
    ("region", "tax_class", "rate"),
    [("CA", "standard", "0.07"), ("TX", "standard", "0.05"), ("CA", "books", "0.07"), ("TX", "zero", "0")],
)
def test_region_wins_and_unknown_classes_are_standard(region, tax_class, rate):
    rates = {("CA", "standard"): Decimal("0.07"), ("", "standard"): Decimal("0.05")}
    assert rate_of(rates, region=region, tax_class=tax_class) == Decimal(rate)


def test_table_has_every_eu_state_once_a_day():
    table = list(rows())
    assert {country for country, *_ in table} >= EU
    open_ended = [(country, region, tax_class) for country, region, tax_class, *_, last in table if last is None]
    assert len(open_ended) == len(set(open_ended))
    assert all(last is None or last >= first for *_, first, last in table)
