"""The work of partners without an API as a table: what to send, to whom. Filled in, it is the table of what left."""

from zoneinfo import ZoneInfo

from fulfilment.documents.dropship_request import rows_of
from fulfilment.models import FulfilmentOrder
from inventory.models import Supplier

ADDRESS = ("name", "company", "line1", "line2", "postcode", "city", "region", "country")
TO_FILL_IN = ("carrier", "tracking_number")
COLUMNS = (
    *("work", "order", "ship_by", "sku", "your_code", "item", "personalisation", "quantity"),
    *TO_FILL_IN,
    *ADDRESS,
)


def open_table(location):
    """Yield a row of COLUMNS for each line that `location` has to send now: what is held or stopped is not."""
    found = FulfilmentOrder.objects.with_stop().filter(
        location=location, status__in=FulfilmentOrder.ASSIGNED, order__is_held=False, is_stopped=False
    )
    works = found.select_related("order", "location").order_by("ship_by", "pk").iterator(chunk_size=200)
    return table_of(works, Supplier.objects.filter(location=location).first())


def table_of(works, supplier):
    """Yield a row of COLUMNS for each line of `works` (FulfilmentOrders), with the codes of `supplier` (or None)."""
    for work in works:
        day = work.ship_by.astimezone(ZoneInfo(work.location.tz)).date().isoformat()
        to = [work.order.ship_to.get(name, "") for name in ADDRESS]
        for row in rows_of(work, supplier):
            goods = [row["our_code"], row["your_code"], row["name"], row["personalisation"], row["pieces"]]
            yield [str(work), work.order.number, day, *goods, *("" for _ in TO_FILL_IN), *to]
