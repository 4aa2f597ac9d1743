"""The console's lists of goods, places and stock. What services write is only shown here."""

from . import count, location, purchase, sku, stock, supplier, transfer  # noqa: F401 (importing registers the admins)
