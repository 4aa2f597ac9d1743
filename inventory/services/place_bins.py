"""Putting bins in their places on the floor plan, many at once."""

from dataclasses import dataclass

from django.db import transaction

from inventory.models import Bin, FloorPlan
from inventory.services.draw_floor import off_plan
from oms.lib.commands import command
from oms.lib.errors import Invalid


@dataclass(frozen=True)
class Placing:
    """Where the bin `code` is to be; `position_cm` None: not on the plan. What is None else stays as it is."""

    code: str
    aisle: str
    position_cm: int | None
    side: str | None = None
    level: int | None = None
    zone: str | None = None

    @property
    def fields(self):
        given = {"side": self.side, "level": self.level, "zone": self.zone}
        kept = {name: value for name, value in given.items() if value is not None}
        return kept | {"aisle": self.aisle.upper(), "position_cm": self.position_cm}


@command
def place_bins(location, placings, *, may_make=False):
    """Put bins of `location` where `placings` say; returns [(one of created, changed, unchanged; in what)], one each.

    Bins may exchange places. Unknown ones are made when `may_make`. Raises Invalid, naming the field, where an aisle
    is not on the plan, a position is beyond its ends, or two bins would lie at one place; then nothing is changed.
    """
    plan = FloorPlan.objects.select_for_update().filter(location=location).first()
    if plan is None:
        raise Invalid(f"{location} has no floor plan yet: draw its aisles first.", field="aisle")
    _check_on_plan(plan, placings)
    codes = [placing.code for placing in placings]
    known = {bin.code: bin for bin in location.bins.filter(code__in=codes).select_for_update().order_by("pk")}
    if not may_make and (unknown := next((code for code in codes if code not in known), None)):
        raise Invalid(f"{location} has no bin {unknown}.", field="bin")
    told = [_told(placing, known.get(placing.code)) for placing in placings]
    with transaction.atomic():  # a refusal at the end takes all back, also in a caller's transaction
        _put_all(location, placings, known, told)
        if lost := off_plan(plan).filter(code__in=codes).first():
            raise Invalid(f"{lost} would be beyond the cross-aisles of {location}.", field="position")
    return told


def _put_all(location, placings, known, told):
    moving = [known[row.code].pk for row, (outcome, _) in zip(placings, told, strict=True) if outcome == "changed"]
    # Two may exchange places: all leave theirs first.
    Bin.objects.filter(pk__in=moving).update(position_cm=None)
    for placing, (outcome, _) in zip(placings, told, strict=True):
        if outcome != "unchanged":
            _put(known.get(placing.code) or Bin(location=location, code=placing.code), placing)


def _check_on_plan(plan, placings):
    aisles = set(plan.aisles.values_list("code", flat=True))
    for placing in placings:
        if placing.position_cm is not None and placing.aisle.upper() not in aisles:
            name = placing.aisle or "no aisle"
            raise Invalid(f"{name} is not on the plan of {plan.location}: draw it first.", field="aisle")


def _told(placing, bin):
    if bin is None:
        return "created", ""
    changed = [name for name, value in placing.fields.items() if getattr(bin, name) != value]
    return ("changed", ", ".join(name.removesuffix("_cm") for name in changed)) if changed else ("unchanged", "")


def _put(bin, placing):
    """Save `bin` at its place; raises Invalid, naming the bin that lies there."""
    for name, value in placing.fields.items():
        setattr(bin, name, value)
    if bin.position_cm is not None and bin.is_active:
        there = Bin.objects.filter(
            location_id=bin.location_id,
            aisle=bin.aisle,
            side=bin.side,
            position_cm=bin.position_cm,
            level=bin.level,
            is_active=True,
        ).exclude(pk=bin.pk)
        if other := there.first():
            raise Invalid(f"{other} lies where {bin} is to be: give one another side or level.", field="position")
    bin.save()
