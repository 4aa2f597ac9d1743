"""Proofs about floor plans that no constraint can hold; two bins at one place are refused by the database itself."""

from inventory.models import FloorPlan
from inventory.services.draw_floor import off_plan
from oms.lib.doctor import Violation, check


@check(25, "bins lie on their floor plan")
def bins_are_on_their_plan():
    """Open the floor plan under "Locations": draw the aisle, or give the bin a position between the cross-aisles."""
    for plan in FloorPlan.objects.select_related("location").order_by("pk"):
        for bin in off_plan(plan).order_by("sort_key"):
            where = f"{bin.aisle}, {bin.position_cm / 100:g} m"
            yield Violation(25, f"bin {bin} of {plan.location}", f"is at {where}, which is not on the plan")


@check(25, "each floor can be walked")
def floors_can_be_walked():
    """Draw an aisle and two cross-aisles at least, not all aisles one-way the same way; begin and end on them."""
    for plan in FloorPlan.objects.select_related("location").order_by("pk"):
        for why in _problems(plan):
            yield Violation(25, f"{plan}", why)


def _problems(plan):
    """Yield why walks past the bins of a plan cannot be worked out."""
    ways = set(plan.aisles.values_list("way", flat=True))
    if not ways:
        yield "has no aisle"
    if ways in ({"down"}, {"up"}):
        yield f"has only aisles one-way {ways.pop()}"
    if plan.cross_aisles.count() < 2:
        yield "has fewer than two cross-aisles"
    aisles, crossings = ({row.pk for row in rows.all()} for rows in (plan.aisles, plan.cross_aisles))
    if {plan.start_aisle_id, plan.end_aisle_id} - aisles - {None}:
        yield "begins or ends at an aisle of another plan"
    if {plan.start_cross_id, plan.end_cross_id} - crossings - {None}:
        yield "begins or ends at a cross-aisle of another plan"
