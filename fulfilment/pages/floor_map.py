"""The map of a place, and on it the tour of a pick list: stops by number, in the order of the walk."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fulfilment.models import PickList
from fulfilment.pages.door import ask_place, place_of, show
from fulfilment.services.floor_plan import floor_of
from inventory.pages.floor_plan import pictured
from oms.lib.console import console_page

MAY = "fulfilment.view_picklist"


@dataclass
class Stop:
    """A bin where a walk stops, the `number` of that stop, and what is taken there, as far as it is not."""

    bin: object
    number: int
    tasks: list

    @property
    def is_done(self):
        return not any(task.left for task in self.tasks)


@require_safe
@console_page(MAY)
def floor_map(request):
    """Show where bins are and what lies in them."""
    place = place_of(request)
    return ask_place(request) if place is None else _show(request, place, title=f"Map of {place}")


@require_safe
@console_page(MAY)
def list_map(request, pk):
    """Show a pick list's tour: what is done grey, where to go next yellow."""
    pick_list = get_object_or_404(PickList.objects.select_related("location", "picker"), pk=pk)
    stops, floor = stops_of(pick_list), floor_of(pick_list.location)
    return _show(
        request,
        pick_list.location,
        title=f"Map of {pick_list}",
        list=pick_list,
        stops=stops,
        tour=_tour(floor, stops) if floor else {},
        off_plan=[stop for stop in stops if not (floor and floor.stop(stop.bin))],
    )


def stops_of(pick_list):
    """Return the Stops of a list in walking order, each bin once."""
    stops = {}
    for task in pick_list.tasks.in_walking_order().select_related("bin", "sku"):
        if task.bin and task.quantity:
            stops.setdefault(task.bin_id, Stop(task.bin, len(stops) + 1, [])).tasks.append(task)
    return list(stops.values())


def _tour(floor, stops):
    """Return what the drawing takes of a tour: `stops` [(bin, number, tone)] and the corners of its `path`."""
    drawn = [stop for stop in stops if floor.stop(stop.bin)]
    first = next((stop for stop in drawn if not stop.is_done), None)
    tones = [(stop.bin, stop.number, "done" if stop.is_done else "next" if stop is first else "") for stop in drawn]
    path = floor.roads.path([floor.stop(stop.bin) for stop in drawn]) if drawn else []
    return {"stops": tones, "path": path}


def _show(request, place, *, title, tour=None, **context):
    return show(request, "map", title=title, location=place, **pictured(place, request.GET.get("at"), tour), **context)
