"""A container of several orders at the bench: scan it once, then each item brings up the order that wants it."""

import re

from fulfilment.pages.door import attempt, go
from fulfilment.services.sort_batch import containers, order_for
from oms.lib.console import say

CONTAINER = "floor_container"
CODE = re.compile(r"L(\d{1,15})", re.IGNORECASE)


def shown(request, place):
    """Return what the packing page says of the container that is being sorted: {"container": PickList or None}."""
    return {"container": containers(place).filter(pk=request.session.get(CONTAINER)).first()}


def sorted_out(request, place, scan_item):
    """Answer a scan that is a container, or an item of the one that is being sorted; None when it is neither.

    `scan_item(request, FulfilmentOrder)` is what the bench does with an item, and may answer itself.
    """
    code = request.POST.get("scan", "").strip()
    if match := CODE.fullmatch(code):
        pick_list = containers(place).filter(pk=int(match[1])).first()
        return _open(request, pick_list) if pick_list else None
    pick_list = shown(request, place)["container"]
    return _sort(request, pick_list, code, scan_item) if pick_list and code else None


def _open(request, pick_list):
    request.session[CONTAINER] = pick_list.pk
    say(request, f"Sort container {pick_list}: scan its items.")
    return go("floor:packing")


def _sort(request, pick_list, code, scan_item):
    work, is_known = attempt(request, lambda: order_for(pick_list, code))
    if not is_known:
        return go("floor:packing")
    answer, _ = attempt(request, lambda: scan_item(request, work))
    return answer or go("floor:bench", work.pk)
