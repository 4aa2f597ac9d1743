"""Who waits for goods, for those who have them in hand; named in oms.panels."""

from django.db.models import Count, Sum

from orders.models import Allocation


def who_waits(sku_id):
    """Return {"pieces", "orders"} that wait for a SKU, zeros where nobody does; one statement."""
    waiting = Allocation.objects.waiting_for(sku_id)
    return waiting.aggregate(pieces=Sum("quantity", default=0), orders=Count("order", distinct=True))
