from decimal import Decimal

import pytest

from orders.models import TaxRate
from orders.services import tax_table

pytestmark = pytest.mark.django_db


def test_load_adds_once_and_keeps_what_was_mended():
    assert tax_table.load() > 100
    mended = TaxRate.objects.filter(country="DE", tax_class="standard", valid_to=None)
    mended.update(rate=Decimal("0.18"))
    assert tax_table.load() == 0
    assert mended.get().rate == Decimal("0.18000")
