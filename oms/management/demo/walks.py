"""Walks worth a look: a pick list of many orders, and one whose totes go from zone to zone."""

from django.db.models import Count

from fulfilment.models import FulfilmentOrder, PickList
from fulfilment.services import release
from inventory.models import Location

ACTOR = "system"
MANY = 8  # orders on a list
FEWEST = 3 * MANY  # open ones; with fewer all stay on the board


def make():
    """Make what is missing of them; a second call changes nothing."""
    if PickList.objects.annotate(orders=Count("fulfilment_orders")).filter(orders__gte=MANY).exists():
        return
    for code, by_zone in (("BER", False), ("HAM", True)):
        works = FulfilmentOrder.objects.filter(location=Location.objects.get(code=code)).releasable()
        waiting = list(works.order_by("-ship_by", "pk").values_list("pk", flat=True)[:FEWEST])
        if len(waiting) == FEWEST:
            release.release(waiting[:MANY], by_zone=by_zone, actor=ACTOR)
