"""The console's lists of goods, places and stock. What services write is only shown here."""

from . import (  # noqa: F401 (importing registers the admins)
    alert,
    count,
    location,
    lot,
    pick_face,
    purchase,
    replenishment,
    serial,
    sku,
    stock,
    supplier,
    transfer,
)
