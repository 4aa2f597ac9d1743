"""Drawing the floor plan of a location: its aisles, its cross-aisles, where walks begin and end."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q

from inventory.models import Aisle, Bin, CrossAisle, FloorPlan
from inventory.models.floor_plan import MOST_CM
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text

MOST_AISLES = 200
MOST_CROSS = 6  # five blocks, the most that walks are worked out for exactly
BETWEEN = "~"  # what codes begin with while they are exchanged


@dataclass(frozen=True)
class AisleIn:
    """An aisle as it is to be; `was` is its code till now, so that a new one takes its bins along."""

    code: str
    x_cm: int
    way: str = Aisle.Way.BOTH
    was: str = ""


@command
def draw(location, aisles, cross_cm, *, start=None, end=None, heavy_from_g=None, detour_percent=None):
    """Make the plan of `location` so: `aisles` [AisleIn], cross-aisles at `cross_cm`; returns the FloorPlan.

    `start` and `end` are (code of an aisle, y of a cross-aisle) or None: the first of both, and where walks begin.
    Aisles that are not named are taken off. Raises Invalid on what cannot be walked, and where bins would lose
    their place; then nothing is changed.
    """
    aisles = [AisleIn(_code(row.code), row.x_cm, row.way, row.was.upper() or _code(row.code)) for row in aisles]
    cross_cm = sorted(cross_cm)
    _check(aisles, cross_cm)
    with transaction.atomic():  # what is found out only at the end takes all back, also in a caller's transaction
        FloorPlan.objects.get_or_create(location=location)
        plan = FloorPlan.objects.select_for_update().get(location=location)
        rows, crossings = _write_aisles(plan, aisles), _write_crossings(plan, cross_cm)
        plan.start_aisle, plan.start_cross = _corner(start, rows, crossings, field="start")
        plan.end_aisle, plan.end_cross = _corner(end, rows, crossings, field="end")
        plan.heavy_from_g = plan.heavy_from_g if heavy_from_g is None else heavy_from_g
        plan.detour_percent = plan.detour_percent if detour_percent is None else detour_percent
        plan.revision = uuid.uuid4()
        plan.save()
        if lost := off_plan(plan).order_by("sort_key").first():
            raise Invalid(f"Bin {lost} would be off the plan: move it, or take its position away.", field="aisles")
    return plan


def off_plan(plan):
    """Return the active bins that have a position which is not on `plan`: another aisle, or beyond its ends."""
    ys = list(plan.cross_aisles.order_by("y_cm").values_list("y_cm", flat=True))
    bins = Bin.objects.filter(location=plan.location_id, is_active=True, position_cm__isnull=False)
    inside = Q(aisle__in=plan.aisles.values("code"), position_cm__gte=ys[0], position_cm__lte=ys[-1]) if ys else Q()
    return bins.exclude(inside) if ys else bins


def _code(text):
    code = check_text(text.strip(), max_length=10, field="aisles").upper()
    if not code or code.startswith(BETWEEN):
        raise Invalid("Give each aisle a code, like A1.", field="aisles")
    return code


def _check(aisles, cross_cm):
    """Raise Invalid, naming the field, where aisles and cross-aisles make no floor."""
    if not 0 < len(aisles) <= MOST_AISLES:
        raise Invalid(f"A floor has between one and {MOST_AISLES} aisles.", field="aisles")
    if not 2 <= len(cross_cm) <= MOST_CROSS or len(set(cross_cm)) < len(cross_cm):
        raise Invalid(f"Give two to {MOST_CROSS} different cross-aisles.", field="cross")
    if any(not 0 <= cm <= MOST_CM for cm in [*cross_cm, *(row.x_cm for row in aisles)]):
        raise Invalid(f"Places are from 0 to {MOST_CM // 100:,} m.", field="aisles")
    for what, values in (("code", [row.code for row in aisles]), ("place", [row.x_cm for row in aisles])):
        if len(set(values)) < len(values):
            raise Invalid(f"Two aisles have the same {what}.", field="aisles")
    for way in (Aisle.Way.DOWN, Aisle.Way.UP):
        if all(row.way == way for row in aisles):
            raise Invalid(f"All aisles are one-way {way}: nobody could walk back.", field="aisles")


def _write_aisles(plan, aisles):
    """Make the aisles of `plan` so, their bins renamed with them; returns {code: Aisle}."""
    plan.aisles.exclude(code__in=[row.was for row in aisles]).delete()
    known = {aisle.code: aisle for aisle in plan.aisles.all()}
    # Two may exchange code or place: all go out of each other's way first.
    for aisle in known.values():
        Aisle.objects.filter(pk=aisle.pk).update(code=f"{BETWEEN}{aisle.pk}"[:10], x_cm=F("x_cm") + 2 * MOST_CM)
    rows = {row.code: known.get(row.was) or Aisle(plan=plan) for row in aisles}
    for row in aisles:
        aisle = rows[row.code]
        aisle.code, aisle.x_cm, aisle.way = row.code, row.x_cm, row.way
        aisle.save()
    _rename_bins(plan, {row.was: row.code for row in aisles if row.was != row.code and row.was in known})
    return rows


def _rename_bins(plan, renamed):
    bins = Bin.objects.filter(location=plan.location_id)
    for number, was in enumerate(renamed):
        bins.filter(aisle=was).update(aisle=f"{BETWEEN}{number}")
    for number, code in enumerate(renamed.values()):
        bins.filter(aisle=f"{BETWEEN}{number}").update(aisle=code)


def _write_crossings(plan, cross_cm):
    """Make the cross-aisles of `plan` so; returns {y: CrossAisle}."""
    plan.cross_aisles.exclude(y_cm__in=cross_cm).delete()
    return {y: CrossAisle.objects.get_or_create(plan=plan, y_cm=y)[0] for y in cross_cm}


def _corner(corner, rows, crossings, *, field):
    """Return (Aisle, CrossAisle) of (code, y); (None, None) of None."""
    if corner is None:
        return None, None
    code, y = corner
    if code.upper() not in rows or y not in crossings:
        raise Invalid("Choose an aisle and a cross-aisle of the plan.", field=field)
    return rows[code.upper()], crossings[y]
