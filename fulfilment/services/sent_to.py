"""Who got pieces of a lot, or one with a number, and in which parcels; named in oms.panels."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from fulfilment.models import Parcel, ParcelLine
from inventory.models import Lot
from orders.models import Order


@dataclass
class Recipient:
    """An order with its customer, and the `parcels` ([Parcel]) in which the pieces are."""

    order: Order
    parcels: list = field(default_factory=list)


def sent_to(order_ids, traced):
    """Return {order id: Recipient} of orders for which pieces of `traced` (Lot or Serial) left; two statements.

    Parcels that do not say which pieces they hold are named too: they may be in them.
    """
    is_lot = isinstance(traced, Lot)
    inside = Q(lot=traced) | Q(lot=None) if is_lot else Q(serials__serial=traced) | Q(serials=None)
    rows = ParcelLine.objects.filter(inside, sku=traced.sku_id, parcel__order__in=order_ids)
    rows = rows.filter(parcel__status__in=Parcel.GONE).select_related("parcel__carrier").order_by("parcel_id")
    parcels = defaultdict(dict)
    for row in rows:
        parcels[row.parcel.order_id][row.parcel_id] = row.parcel
    orders = Order.objects.select_related("channel").in_bulk(order_ids)
    return {pk: Recipient(order, list(parcels[pk].values())) for pk, order in orders.items()}
