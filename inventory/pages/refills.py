"""Refilling pick faces: the list in walking order, then source bin, item, target bin, each scanned."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from inventory.models import RefillTask
from inventory.pages.door import attempt, go, show, stock_page, whole
from inventory.pages.forms import held_at, lines_of
from inventory.services import identify, scan
from inventory.services import refill as refilling
from oms.lib.console import actor_of, alarm, say
from oms.lib.errors import DomainError, Invalid

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD"])
@stock_page("inventory.move_stock")
def refills(request, place):
    """What is to be carried to pick faces; a scanned bulk bin opens its first task."""
    tasks = RefillTask.objects.open().filter(location=place).select_related("face__sku", "face__bin", "source")
    tasks = list(tasks.order_by("source__sort_key", "pk")[:MOST_SHOWN])
    code = request.GET.get("code", "").strip().upper()
    if code:
        found = next((task for task in tasks if task.source.code.upper() == code), None)
        if found:
            return go("stock:refill", found.pk, source=code)
        alarm(request, Invalid(f"Nothing is to be carried from {code[:20]}."))
        return go("stock:refills")
    return show(request, "refills", title="Refill", tasks=tasks)


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.move_stock")
def refill(request, place, pk):
    """Ask for the next scan: source bin, item, then pieces and target bin; sent, book it."""
    tasks = RefillTask.objects.select_related("face__sku", "face__bin", "source")
    task = get_object_or_404(tasks, pk=pk, location=place)
    if not task.is_open:
        say(request, f"{task}: {task.get_status_display().lower()} already.")
        return go("stock:refills")
    if request.method == "POST":
        return _finish(request, place, task)
    scanned = {"source": request.GET.get("source", "")[:20], "item": request.GET.get("item", "")[:100]}
    try:
        source, sku = _read(place, scanned)
        refilling.check_scanned(task, sku=sku, source=source)
        label = identify.read(scanned["item"])
    except DomainError as error:
        alarm(request, error)
        return go("stock:refill", pk, source=scanned["source"] if scanned["item"] else "")
    step = "target" if sku else "item" if source else "source"
    held = [row for row in held_at(task.face.sku, place) if row.bin_id == task.source_id]
    context = {"task": task, "sku": task.face.sku, "step": step, "held": held, "label": label}
    return show(request, "refill", title="Refill", **context, **scanned)


def _finish(request, place, task):
    if request.POST.get("do") == "cancel":
        attempt(request, lambda: refilling.cancel(task.pk, actor=actor_of(request)))
        say(request, f"{task} is given up.")
        return go("stock:refills")
    scanned = {"source": request.POST.get("source", ""), "item": request.POST.get("item", "")}
    ended, done = attempt(request, lambda: _carry(request, place, task, scanned))
    if not done:
        return go("stock:refill", task.pk, **scanned)
    if ended.moved:
        say(request, f"{ended.moved} × {task.face.sku} are in {task.face.bin}.")
    else:
        say(request, f"Nothing of {task.face.sku} lies in {task.source}: the task is closed.")
    return go("stock:refills")


def _carry(request, place, task, scanned):
    source, sku = _read(place, scanned)
    if source is None or sku is None:
        raise Invalid("Scan the bin and the item again.")
    pieces = whole(request.POST.get("pieces", ""))
    if pieces is None:
        raise Invalid("Type how many pieces you carried.", field="pieces")
    target = scan.read_bin(request.POST.get("target", ""), place)
    which = {"lot": request.POST.get("lot", "")[:100], "serials": lines_of(request.POST.get("serials", ""))}
    scanned = {"sku": sku, "source": source, "target": target}
    return refilling.finish(task.pk, **scanned, pieces=pieces, **which, actor=actor_of(request))


def _read(place, scanned):
    """Return (Bin or None, Sku or None) of what was scanned so far."""
    source = scan.read_bin(scanned["source"], place) if scanned["source"] else None
    sku = scan.read(scanned["item"])[0] if source and scanned["item"] else None
    return source, sku
