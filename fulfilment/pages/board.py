"""The lead's board: what waits, what is under way, what is late; work becomes a pick list here."""

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fulfilment.models import FulfilmentOrder, Parcel, PickList, Wave, WavePreset
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show
from fulfilment.services import outlook
from fulfilment.services import release as releasing
from inventory.models import Bin, RefillTask
from oms.lib.console import actor_of, alarm, console_page, say
from oms.lib.errors import Invalid
from orders.models import Order

Status = FulfilmentOrder.Status
MOST_SHOWN = 200
MOST_TICKED = 50
MOST_PICKERS = 100
PERMISSIONS = "django.contrib.auth.backends.ModelBackend"
# Presets: (key, label, filter).
PRESETS = [
    ("all", "All", Q()),
    ("late", "Late", None),
    ("express", "Express", Q(order__method=Order.Method.EXPRESS)),
    ("single", "One piece", Q(pieces=1)),
    ("pickup", "Pickups", Q(method=FulfilmentOrder.Method.PICKUP)),
]


@require_safe
@console_page("fulfilment.release_fulfilmentorder")
def board(request):
    place = place_of(request)
    if place is None:
        return ask_place(request)
    now = timezone.now()
    preset = request.GET.get("preset", "all")
    ready = _ready(place, preset, now)
    cutoffs, people = outlook.by_cutoff(place, now)
    return show(
        request,
        "board",
        title="Board",
        now=now,
        preset=preset,
        presets=[(key, label) for key, label, _ in PRESETS],
        columns=columns(place, now),
        ready=ready,
        most_ticked=MOST_TICKED,
        wave_presets=WavePreset.objects.active().filter(location=place),
        waves=Wave.objects.under_way().filter(location=place)[:MOST_SHOWN],
        cutoffs=cutoffs,
        people=people,
        stuck=outlook.stuck(place, now),
        silent=outlook.silent_lists(place, now),
        lists=open_lists(place),
        pickers=pickers()[:MOST_PICKERS],
        has_zones=Bin.objects.filter(location=place).exclude(zone="").exists(),
    )


@require_POST
@console_page("fulfilment.release_fulfilmentorder")
def release(request):
    """Make a pick list of the ticked work."""
    chosen = [int(pk) for pk in request.POST.getlist("work") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    by_zone = "by_zone" in request.POST
    answer, is_done = attempt(request, lambda: releasing.release(chosen, by_zone=by_zone, actor=actor_of(request)))
    if is_done:
        count = answer.pick_list.fulfilment_orders.count()
        left_out = "".join(f" {reason}." for reason in answer.skipped.values())
        zones = "".join(f" {row} follows in zone {row.zone or '–'}." for row in answer.later)
        say(request, f"Pick list {answer.pick_list} holds {count} order{pluralize(count)}.{zones}{left_out}")
    return go("floor:board")


@require_POST
@console_page("fulfilment.release_fulfilmentorder")
def withdraw(request, pk):
    """Take what nobody began off a list, back to the board."""
    get_object_or_404(PickList, pk=pk)
    taken, is_done = attempt(request, lambda: releasing.withdraw(pk, actor=actor_of(request)))
    if is_done:
        say(request, f"{taken} orders of list L{pk} are back on the board.")
    return go("floor:board")


@require_POST
@console_page("fulfilment.release_fulfilmentorder")
def assign(request, pk):
    """Give a list to a picker, or to whoever takes it."""
    get_object_or_404(PickList, pk=pk)
    picker = pickers().filter(pk=number(request, "picker") or 0).first()
    if picker is None and request.POST.get("picker"):
        alarm(request, Invalid("Choose somebody who may pick.", field="picker"))
        return go("floor:board")
    attempt(request, lambda: releasing.assign_picker(pk, picker), done=f"List L{pk} goes to {picker or 'anybody'}.")
    return go("floor:board")


def columns(place, now):
    """Return what the board counts at `place`: [{title, count, tone, url}], of three statements."""
    stuck = now - timezone.timedelta(minutes=30)
    held = Q(order__is_held=True)
    counts = (
        FulfilmentOrder.objects.filter(location=place)
        .wanted()
        .aggregate(
            ready=Count("pk", filter=Q(status=Status.OPEN) & ~held),
            held=Count("pk", filter=held),
            picking=Count("pk", filter=Q(status__in=[Status.RELEASED, Status.PICKING], picked_at=None)),
            packing=Count("pk", filter=Q(status=Status.PICKING, picked_at__isnull=False)),
            packed=Count("pk", filter=Q(status=Status.PACKED)),
            late=Count("pk", filter=Q(ship_by__lt=now) & ~Q(status=Status.READY_FOR_PICKUP)),
            stuck=Count("pk", filter=Q(status=Status.PICKING, touched_at__lt=stuck)),
            aside=Count("pk", filter=~Q(set_aside="")),
        )
    )
    words = [
        ("ready", "Ready", ""),
        ("picking", "Being picked", ""),
        ("packing", "To pack", ""),
        ("packed", "Packed", ""),
        ("late", "Late", "bad"),
        ("held", "On hold", "warn"),
        ("stuck", "Untouched 30 min", "warn"),
        ("aside", "Set aside", "warn"),
        ("standing", "Packed, not manifested", "warn"),
        ("refills", "Faces to refill", "warn"),
    ]
    counts["refills"] = RefillTask.objects.open().filter(location=place).count()
    counts["standing"] = Parcel.objects.not_manifested().filter(fulfilment_order__location=place).count()
    urls = {"refills": reverse("stock:refills"), "standing": reverse("floor:handover")}
    return [
        {"title": title, "count": counts[key], "tone": tone if counts[key] else "", "url": urls.get(key, "")}
        for key, title, tone in words
    ]


def open_lists(place, **where):
    """Return the lists at `place` that are not done, each with its lines, what is left and its first cut-off."""
    lists = PickList.objects.open().filter(location=place, **where).select_related("picker", "first")
    due = Coalesce(Min("fulfilment_orders__ship_by"), Min("first__fulfilment_orders__ship_by"))
    lists = with_left(lists).annotate(lines=Count("tasks", distinct=True), ship_by=due)
    return lists.order_by("ship_by", "pk")[:MOST_SHOWN]


def with_left(lists):
    """Return `lists` with how many lines are `left` to pick on each."""
    left = Q(tasks__quantity__gt=F("tasks__picked") + F("tasks__short"))
    return lists.annotate(left=Count("tasks", filter=left, distinct=True))


def pickers():
    """Return who may be given a list: who may pick."""
    people = get_user_model().objects.with_perm("fulfilment.change_picktask", backend=PERMISSIONS)
    return people.filter(is_staff=True).order_by("username")


def _ready(place, preset, now):
    rows = FulfilmentOrder.objects.filter(location=place).releasable()
    rows = rows.annotate(pieces=Sum("lines__quantity"), kinds=Count("lines"))
    condition = Q(ship_by__lt=now) if preset == "late" else next((q for key, _, q in PRESETS if key == preset), Q())
    rows = rows.filter(condition).select_related("order__channel")
    return list(rows.order_by("priority", "ship_by", "pk")[:MOST_SHOWN])
