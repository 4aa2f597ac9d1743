"""What goods cost in our own currency."""

from decimal import Decimal

from inventory.services.draft_purchase import MOST_COST, rate
from oms.lib.errors import Invalid
from oms.lib.money import quantise
from oms.lib.plugins import named
from oms.panels import COMPANY


class HomeCost:
    """Costs of pieces at home, each exchange rate looked up once."""

    def __init__(self):
        self.currency = named(COMPANY)().get("currency") or "EUR"
        self._rates = {}

    def piece(self, sku, listed, pieces):
        """Return the cost of one of `pieces`: by the supplier's list (`SupplierSku` or None), else the SKU's own."""
        cost = listed.cost_of(pieces) if listed else None
        return sku.unit_cost if cost is None else cost * self._rate(listed.supplier.currency)

    def worth(self, sku, listed, pieces):
        """Return the cost of all `pieces`, rounded."""
        return quantise(min(self.piece(sku, listed, pieces), MOST_COST) * pieces, self.currency)

    def _rate(self, currency):
        if currency not in self._rates:
            try:
                self._rates[currency] = rate(currency, self.currency)
            except Invalid:
                self._rates[currency] = Decimal(1)  # nobody entered one: drafting the order will ask for it
        return self._rates[currency]
