"""Where bins are on the floor plan of a location, from a table; and that table of a plan as it is."""

from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Bin, FloorPlan
from inventory.models.floor_plan import MOST_CM
from inventory.services.draw_floor import AisleIn, draw
from inventory.services.place_bins import Placing, place_bins
from oms.lib import cells
from oms.lib.errors import Invalid
from oms.lib.row_import import Table

COLUMNS = ("bin", "aisle", "side", "position", "level", "zone", "aisle_x")


@dataclass(frozen=True)
class PlaceRow:
    """Where a bin is to be, and at which x its aisle is, where the table says so."""

    placing: Placing
    aisle_x_cm: int | None


class FloorBins(Table):
    """The table of bins on the plan of `location`; bins that it has not are made, others stay as they are.

    An empty position takes a bin off the plan; of side, level and zone an empty cell leaves what is. With `aisle_x` an
    aisle that the plan has not is drawn, and with `cross_cm` a plan that the location has not.
    """

    required = ("bin", "aisle", "position")
    known = COLUMNS

    def __init__(self, location, *, cross_cm=()):
        self._location, self._cross_cm, self._lines = location, tuple(cross_cm), {}

    def check(self, row):
        filled = {column: value for column, value in row.cells.items() if value}
        code = cells.text(row.cells["bin"], "bin", max_length=20).upper()
        aisle = cells.text(row.cells["aisle"], "aisle", max_length=10).upper()
        if not code:
            raise Invalid("bin: give its code.", field="bin")
        if self._lines.setdefault(code, row.line) != row.line:
            raise Invalid(f"bin: {code} stands in line {self._lines[code]} too.", field="bin")
        if "position" in filled and not aisle:
            raise Invalid("aisle: a position is in an aisle; name it.", field="aisle")
        side = cells.choice(filled["side"], "side", Bin.Side.values) if "side" in filled else None
        level = cells.whole(filled["level"], "level", most=99) if "level" in filled else None
        zone = cells.text(filled["zone"], "zone", max_length=10) if "zone" in filled else None
        placing = Placing(code, aisle, _centimetres(filled, "position"), side, level, zone)
        return PlaceRow(placing, _centimetres(filled, "aisle_x"))

    def take(self, rows):
        self._draw({row.placing.aisle: row.aisle_x_cm for row in rows if row.aisle_x_cm is not None})
        try:
            return {"each": place_bins(self._location, [row.placing for row in rows], may_make=True)}
        except Invalid as error:
            raise Invalid(f"{error.field}: {error.message}", field=error.field) from None

    def _draw(self, wanted):
        """Draw the aisles {code: x} that the plan has not, and the plan where there is none."""
        plan = FloorPlan.objects.filter(location=self._location).first()
        aisles = list(plan.aisles.order_by("x_cm")) if plan else []
        cross_cm = list(plan.cross_aisles.values_list("y_cm", flat=True)) if plan else self._cross_cm
        new = wanted.keys() - {aisle.code for aisle in aisles}
        if not new:
            return
        if not cross_cm:
            raise Invalid(
                f"aisle_x: {self._location} has no floor plan: draw it, or say where its cross-aisles are (--cross).",
                field="aisle_x",
            )
        rows = [AisleIn(aisle.code, aisle.x_cm, aisle.way) for aisle in aisles]
        draw(self._location, rows + [AisleIn(code, wanted[code]) for code in sorted(new)], cross_cm, **ends_of(plan))


def ends_of(plan):
    """Return `start` and `end` of a FloorPlan as `draw` takes them; {} of none."""
    ends = {"start": (plan.start_aisle, plan.start_cross), "end": (plan.end_aisle, plan.end_cross)} if plan else {}
    return {name: (aisle.code, cross.y_cm) for name, (aisle, cross) in ends.items() if aisle and cross}


def table_of(location):
    """Yield the rows of the plan of `location` by COLUMNS, lengths in metres: what FloorBins takes."""
    x_of = dict(FloorPlan.objects.filter(location=location).values_list("aisles__code", "aisles__x_cm"))
    for bin in location.bins.filter(is_active=True, kind__in=[Bin.Kind.SHELF, Bin.Kind.BULK]).order_by("sort_key"):
        yield bin.code, bin.aisle, bin.side, metres(bin.position_cm), bin.level, bin.zone, metres(x_of.get(bin.aisle))


def metres(cm):
    """Return centimetres as metres for people, "12.5"; "" of None."""
    return "" if cm is None else f"{Decimal(cm) / 100:f}"


def _centimetres(filled, column):
    if column not in filled:
        return None
    number = cells.amount(filled[column], column)
    if number > MOST_CM // 100 or number * 100 != int(number * 100):
        raise Invalid(f"{column}: {filled[column]!r} is no length in metres, as 12.5, up to 1,000.", field=column)
    return int(number * 100)
