"""The floor plan of a location in the console: the map, its aisles and cross-aisles, where each bin is, and the CSV."""

from decimal import Decimal

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import formset_factory
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from inventory.imports.floor_plan import COLUMNS, metres, table_of
from inventory.models import Aisle, Bin, BinStock, FloorPlan, Location
from inventory.pages import floor_drawing
from inventory.services.draw_floor import AisleIn, draw
from inventory.services.place_bins import Placing, place_bins
from oms.lib.console import blame, console_page, say, show
from oms.lib.csv import download
from oms.lib.errors import DomainError, Invalid

MOST_TOLD = 2000  # bins whose contents the map tells
MOST_BINS = 200  # rows of the form of an aisle's bins
NEW_AISLES = 3  # empty rows to fill in
APART_CM = 400  # where the first plan has its aisles, until somebody says better
LONG_CM = 2000


class Metres(forms.DecimalField):
    """A length in metres, centimetres to the services."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=1000, decimal_places=2, **kwargs)

    def clean(self, value):
        number = super().clean(value)
        return None if number is None else int(number * 100)


class AisleForm(forms.Form):
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(max_length=10, required=False)
    x = Metres(required=False, label="x, m")
    way = forms.ChoiceField(choices=Aisle.Way.choices, required=False)

    def clean(self):
        if self.cleaned_data.get("code") and self.cleaned_data.get("x") is None:
            self.add_error("x", "Where is it?")
        return self.cleaned_data


class WalksForm(forms.Form):
    cross = forms.CharField(max_length=80, label="Cross-aisles", help_text="metres from the top, like 0, 10, 20")
    start = forms.CharField(
        max_length=20, required=False, label="Walks begin at", help_text="aisle and metres, like A1, 0"
    )
    end = forms.CharField(max_length=20, required=False, label="and end at", help_text="empty: where they begin")
    heavy_from_g = forms.IntegerField(
        min_value=1, max_value=10**6, label="Heavy from, g", help_text="a line; it is picked before what is fragile"
    )
    detour_percent = forms.IntegerField(min_value=0, max_value=100, label="if the walk is longer by at most, %")


class PlaceForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput)
    aisle = forms.CharField(max_length=10, required=False)
    side = forms.ChoiceField(choices=[("", "–"), *Bin.Side.choices], required=False)
    position = Metres(required=False, label="Position, m")
    level = forms.IntegerField(min_value=0, max_value=99)
    zone = forms.CharField(max_length=10, required=False)


AisleForms = formset_factory(AisleForm, extra=NEW_AISLES, max_num=200, absolute_max=210)
PlaceForms = formset_factory(PlaceForm, extra=0, max_num=MOST_BINS, absolute_max=MOST_BINS)


@console_page("inventory.view_floorplan")
def plan(request, pk):
    """Show the map of a location with the form of its aisles; save what was drawn."""
    location = get_object_or_404(Location, pk=pk)
    found = FloorPlan.objects.filter(location=location).first()
    aisles = AisleForms(request.POST or None, initial=_aisles_of(location, found), prefix="aisle")
    walks = WalksForm(request.POST or None, initial=_walks_of(found))
    if request.method == "POST":
        if not request.user.has_perm("inventory.change_floorplan"):
            raise PermissionDenied
        if aisles.is_valid() and walks.is_valid() and _drawn(request, location, aisles, walks):
            return HttpResponseRedirect(reverse("plans:plan", args=[pk]))
    context = {"location": location, "plan": found, "aisles": aisles, "walks": walks} | pictured(location, _at(request))
    context["bins_of"] = _bins_of(location)
    status = 422 if request.method == "POST" else 200
    return show(
        request, "inventory/console/floor_plan.html", title=f"Floor plan of {location}", status=status, **context
    )


@console_page("inventory.change_floorplan")
def aisle(request, pk):
    """Show the bins of one aisle (`?aisle=`), and put them where the form says."""
    location = get_object_or_404(Location, pk=pk)
    code = request.GET.get("aisle", "")[:10]
    bins = location.bins.filter(is_active=True, aisle=code, kind__in=[Bin.Kind.SHELF, Bin.Kind.BULK])
    rows = PlaceForms(request.POST or None, initial=[_place_of(bin) for bin in bins.order_by("sort_key")[:MOST_BINS]])
    if request.method == "POST" and rows.is_valid():
        try:
            told = place_bins(location, [Placing(**_placing(row)) for row in rows.cleaned_data])
        except DomainError as error:
            blame(rows.forms[0], error)
        else:
            say(request, f"{sum(outcome == 'changed' for outcome, _ in told)} bins are elsewhere now.")
            return HttpResponseRedirect(reverse("plans:plan", args=[pk]))
    context = {"location": location, "aisle": code, "rows": rows, "back_to": reverse("plans:plan", args=[pk])}
    status = 422 if request.method == "POST" else 200
    title = f"Bins of aisle {code or '–'} in {location}"
    return show(request, "inventory/console/floor_aisle.html", title=title, status=status, **context)


@require_safe
@console_page("inventory.view_floorplan")
def export(request, pk):
    """Have the plan as the CSV that the upload takes."""
    location = get_object_or_404(Location, pk=pk)
    return download(f"floor-plan-{location.code}", COLUMNS, table_of(location))


def pictured(location, at, tour=None):
    """Return what templates show of a floor: its `drawings`, the place `at` (a bin's pk as text), bins `unplaced`.

    `tour` are `stops` [(bin, number, tone)] and the `path` of a walk, as `floor_drawing.draw` takes them.
    """
    found = FloorPlan.objects.filter(location=location).first()
    read = floor_drawing.read(found) if found else None
    stocked = _contents(location)
    if read is None:
        return {"drawings": [], "at": None, "unplaced": len(stocked)}
    codes = [code for code, _, _ in read.aisles]
    bins = location.bins.filter(is_active=True, aisle__in=codes, position_cm__isnull=False)
    bins = [bin for bin in bins.order_by("sort_key") if read.cross[0] <= bin.position_cm / 10 <= read.cross[-1]]
    chosen = next((bin for bin in bins if str(bin.pk) == at), None)
    how = {"contents": stocked if len(bins) <= MOST_TOLD else {}, "chosen": chosen and chosen.pk} | (tour or {})
    return {
        "drawings": floor_drawing.draw_all(read, bins, **how),
        "at": chosen and _place(chosen, bins, stocked),
        "unplaced": len(stocked.keys() - {bin.pk for bin in bins}),
    }


def _contents(location):
    """Return {bin pk: "2 × CUP, 5 × POT"} of shelves and bulk bins with goods."""
    held = BinStock.objects.filter(
        bin__location=location, quantity__gt=0, bin__kind__in=[Bin.Kind.SHELF, Bin.Kind.BULK]
    )
    told = {}
    for bin_id, sku, pieces in held.order_by("sku__code").values_list("bin_id", "sku__code", "quantity"):
        told.setdefault(bin_id, []).append(f"{pieces} × {sku}")
    return {bin_id: ", ".join(parts) for bin_id, parts in told.items()}


def _place(chosen, bins, contents):
    """Return the place of a bin as people name it, with all bins there."""
    there = [bin for bin in bins if (bin.aisle, bin.side, bin.position_cm) == _key(chosen)]
    rows = [(bin, contents.get(bin.pk, "")) for bin in sorted(there, key=lambda bin: bin.level)]
    return {"aisle": chosen.aisle, "metres": metres(chosen.position_cm), "side": chosen.side, "bins": rows}


def _key(bin):
    return bin.aisle, bin.side, bin.position_cm


def _at(request):
    return request.GET.get("at")


def _aisles_of(location, found):
    """Return the rows of the form: the aisles as drawn, or, of a first plan, those that bins name."""
    if found:
        rows = found.aisles.order_by("x_cm")
        return [{"was": row.code, "code": row.code, "x": Decimal(row.x_cm) / 100, "way": row.way} for row in rows]
    named = location.bins.exclude(aisle="").order_by("sort_key").values_list("aisle", flat=True)
    return [
        {"code": code, "x": Decimal(number * APART_CM) / 100, "way": Aisle.Way.BOTH}
        for number, code in enumerate(dict.fromkeys(named))
    ]


def _walks_of(found):
    if found is None:
        cross = f"0, {LONG_CM // 100}"
        fields = FloorPlan._meta.get_field
        return {"cross": cross} | {name: fields(name).default for name in ("heavy_from_g", "detour_percent")}
    cross = [f"{y / 100:g}" for y in found.cross_aisles.order_by("y_cm").values_list("y_cm", flat=True)]
    return {
        "cross": ", ".join(cross),
        "start": _corner(found.start_aisle, found.start_cross),
        "end": _corner(found.end_aisle, found.end_cross),
        "heavy_from_g": found.heavy_from_g,
        "detour_percent": found.detour_percent,
    }


def _corner(aisle, cross):
    return f"{aisle}, {cross.y_cm / 100:g}" if aisle and cross else ""


def _drawn(request, location, aisles, walks):
    """Draw what the forms say; a refusal stands at its field. Returns whether it is drawn."""
    rows = [row for row in aisles.cleaned_data if row.get("code")]
    data = walks.cleaned_data
    try:
        draw(
            location,
            [AisleIn(row["code"], row["x"], row["way"] or Aisle.Way.BOTH, row["was"]) for row in rows],
            [_cm(text, "cross") for text in data["cross"].replace(";", ",").split(",") if text.strip()],
            start=_read_corner(data["start"], "start"),
            end=_read_corner(data["end"], "end"),
            heavy_from_g=data["heavy_from_g"],
            detour_percent=data["detour_percent"],
        )
    except DomainError as error:
        blame(walks, error)
        return False
    say(request, f"The floor plan of {location} is drawn: {len(rows)} aisles.")
    return True


def _cm(text, field):
    try:
        return round(Decimal(text.strip()) * 100)
    except ArithmeticError:
        raise Invalid(f"Write metres, like 12.5, not {text.strip()[:20]!r}.", field=field) from None


def _read_corner(text, field):
    """Return (aisle, y in cm) of "A1, 0"; None of nothing."""
    if not text.strip():
        return None
    code, _, y = text.rpartition(",")
    return code.strip().upper(), _cm(y, field)


def _place_of(bin):
    place = {"code": bin.code, "aisle": bin.aisle, "side": bin.side, "level": bin.level, "zone": bin.zone}
    return place | {"position": None if bin.position_cm is None else Decimal(bin.position_cm) / 100}


def _placing(row):
    return {"position_cm": row["position"]} | {name: row[name] for name in ("code", "aisle", "side", "level", "zone")}


def _bins_of(location):
    """Return [(aisle's name, its bins, how many have a position)], for the links to their forms."""
    counted = {}
    kinds = [Bin.Kind.SHELF, Bin.Kind.BULK]
    bins = location.bins.filter(is_active=True, kind__in=kinds).order_by("sort_key")
    for name, position in bins.values_list("aisle", "position_cm"):
        row = counted.setdefault(name, [0, 0])
        row[0] += 1
        row[1] += position is not None
    return [(name, *row) for name, row in counted.items()]


app_name = "plans"
urlpatterns = [
    path("inventory/floor/<int:pk>/", plan, name="plan"),
    path("inventory/floor/<int:pk>/aisle/", aisle, name="aisle"),
    path("inventory/floor/<int:pk>/export/", export, name="export"),
]
