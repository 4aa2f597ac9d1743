"""Picking by hand-held: bin, item, next. The state of a walk is in its tasks, so a new device goes on."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from fulfilment.models import FulfilmentOrder, PickList, PickTask, RefusedScan
from fulfilment.pages.board import MOST_PICKERS, open_lists, pickers, with_left
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show
from fulfilment.pages.sync import plan_of
from fulfilment.services import pick, refused
from fulfilment.services.pick_together import fall_short, take, together
from inventory.services import identify, scan
from oms.lib.console import actor_of, alarm, console_page
from oms.lib.errors import Invalid, NotFound
from orders.models import Note

Kind = RefusedScan.Kind
# Above it one scans once and types the count.
MOST_SCANS = 3
SHOWN = ("bin", "sku", "lot", "fulfilment_line__fulfilment_order")
MOST_PLANNED = 300  # picks that a device can do alone
BY_SCRIPT = "X-Walk"  # asks where to go, and goes there itself
NEXT = "next=1"  # the query after a task: nothing of it is remembered


@require_safe
@console_page("fulfilment.change_picktask")
def picking(request):
    """The lists that wait, the user's own first."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    rows = sorted(open_lists(place), key=lambda row: row.picker_id != request.user.pk)
    return show(request, "picking", title="Pick", lists=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.change_picktask")
def walk(request, pk):
    """The next task of a list: one bin, one item, large. `step` is bin, item or count; `got` pieces are scanned."""
    pick_list = get_object_or_404(PickList.objects.select_related("location", "picker"), pk=pk)
    if request.method == "POST":
        answer = _act(request, pick_list)
        return JsonResponse({"next": answer.url}) if BY_SCRIPT in request.headers else answer
    tasks = pick_list.tasks.open().in_walking_order()
    task = tasks.select_related(*SHOWN, "fulfilment_line__fulfilment_order__order").first()
    last = pick_list.tasks.select_related("sku", "bin").last_picked()
    context = {"list": pick_list, "task": task, "all": pick_list.tasks.count(), "left": tasks.count(), "last": last}
    context["zones"] = zones = (
        with_left(pick_list.zone_lists().select_related("picker")) if _has_zones(pick_list) else []
    )
    if task is None:
        work = FulfilmentOrder.objects.filter(pick_list=pick_list.first_pk).select_related("order").order_by("tote")
        context["next_zone"] = next((row for row in zones if row.left), None)
        return show(request, "walk_done", title=f"Pick list {pick_list}", work=work, **context)
    group = together(task, pick_list)
    context |= _step(request, group) | {"here": group, "is_batch": pick_list.mode == PickList.Mode.BATCH}
    context["notes"] = _notes(group)
    context |= {"plan": plan_of(tasks.select_related(*SHOWN)[:MOST_PLANNED])}
    context["colleagues"] = pickers().exclude(pk=request.user.pk)[:MOST_PICKERS]
    return show(request, "walk", title=f"Pick list {pick_list}", reasons=PickTask.ShortReason.choices, **context)


def _notes(group):
    """Return the notes for the picker on the orders whose pieces are taken here."""
    tasks = PickTask.objects.filter(pk__in=[task.pk for task in group.tasks])
    orders = tasks.values("fulfilment_line__fulfilment_order__order")
    return Note.objects.for_picker(orders)


def _has_zones(pick_list):
    return bool(pick_list.zone or pick_list.first_id)


def _step(request, group):
    """Return where the picker is with the task, as the address says; another task begins at its bin."""
    task = group.tasks[0]
    is_same = request.GET.get("task") == str(task.pk)
    step = request.GET.get("step", "") if is_same else ""
    if step not in ("item", "count", "tote"):
        step = "bin" if task.bin_id else "item"
    got = request.GET.get("got", "")
    return {"step": step, "got": min(int(got), group.left) if is_same and got.isdecimal() and len(got) < 6 else 0}


def _act(request, pick_list):
    do = request.POST.get("do")
    if do == "pause":
        pick.pause(pick_list.pk)
        return go("floor:picking")
    if do == "hand_on":
        return _hand_on(request, pick_list)
    tasks = pick_list.tasks.select_related("bin", "sku", "pick_list", "fulfilment_line__fulfilment_order")
    task = tasks.filter(pk=number(request, "task") or 0).first()
    if task and do == "undo":
        words = f"Put {task.picked} × {task.sku} back into {task.bin or 'the shelf'}."
        if not task.picked:
            words = f"{task.sku} is put back already."
        attempt(request, lambda: pick.unpick(task.pk, actor=actor_of(request)), done=words)
        return go("floor:pick", pick_list.pk)
    if task is None or not task.left:
        return go("floor:pick", pick_list.pk)
    if pick_list.picker_id != request.user.pk or pick_list.status == PickList.Status.OPEN:
        pick.start(pick_list.pk, picker=request.user, actor=actor_of(request))
    act = {"bin": _at_bin, "scan": _scan, "count": _count, "short": _short}.get(do, _scan)
    query, _ = attempt(request, lambda: act(request, together(task, pick_list)))
    return go("floor:pick", pick_list.pk, query=query or _same(request, task))


def _hand_on(request, pick_list):
    colleague = pickers().filter(pk=number(request, "picker") or 0).first()
    if colleague is None:
        alarm(request, Invalid("Choose who goes on with it.", field="picker"))
        return go("floor:pick", pick_list.pk)
    _, is_done = attempt(
        request,
        lambda: pick.hand_on(pick_list.pk, picker=colleague, actor=actor_of(request)),
        done=f"{pick_list} waits for {colleague}: leave the cart to him or her.",
    )
    return go("floor:picking") if is_done else go("floor:pick", pick_list.pk)


def _same(request, task):
    """Return the query that shows the same task at the same step again."""
    return f"task={task.pk}&step={request.POST.get('step', '')}&got={number(request, 'got') or 0}"


def _at_bin(request, group):
    return f"task={group.tasks[0].pk}&step=item"


def _scan(request, group):
    """The bin's code at its step, the tote's at its own; else an item, which is counted until all are there."""
    code, actor, task = request.POST.get("scan", "").strip().upper(), actor_of(request), group.tasks[0]
    if request.POST.get("step") == "bin" and task.bin_id:
        if code != task.bin.code.upper():
            refused.refuse(task, Kind.BIN, code, f"This is {code[:20] or 'nothing'}. Go to {task.bin}.", actor=actor)
        return _at_bin(request, group)
    if request.POST.get("step") == "tote":
        return _into_tote(request, group, code)
    pieces = _pieces(task, code, actor)
    if lot := identify.read(code).lot:
        for each in group.tasks:
            pick.take_lot(each.pk, lot, actor=actor)
    if group.left > MOST_SCANS and pieces < group.left:
        return f"task={task.pk}&step=count"
    got = min((number(request, "got") or 0) + pieces, group.left)
    if got < group.left:
        return f"task={task.pk}&step=item&got={got}"
    return _take(request, group, got)


def _pieces(task, code, actor):
    """Return how many pieces of the task's item `code` stands for; another item is refused and remembered."""
    try:
        sku, pieces = scan.read(code)
    except NotFound as error:
        refused.refuse(task, Kind.ITEM, code, error.message, actor=actor)
    if sku.pk != task.sku_id:
        refused.refuse(task, Kind.ITEM, code, f"This is {sku}. Take {task.sku}.", actor=actor)
    return pieces


def _count(request, group):
    """So many pieces, as typed or tapped."""
    count = number(request, "count", most=1_000_000)
    if not count:
        raise Invalid("Type how many pieces you took; nothing there is a short pick.", field="count")
    return _take(request, group, count)


def _take(request, group, count):
    """The pieces are in hand: into the tote, which is scanned first where the list asks for it."""
    task = group.tasks[0]
    if task.pick_list.verifies_totes and task.pick_list.mode == PickList.Mode.CLUSTER:
        if count > group.left:
            raise Invalid(f"Take {group.left} pieces of {task.sku}, not {count}. Put the others back.", field="count")
        return f"task={task.pk}&step=tote&got={count}"
    return _put(request, group, count)


def _into_tote(request, group, code):
    """The right tote takes what was scanned; into another one goes nothing."""
    task = group.tasks[0]
    work = task.fulfilment_line.fulfilment_order
    if code not in (work.tote_code, str(work.tote)):
        words = f"This is {code[:20] or 'nothing'}. Put it into tote {work.tote}."
        refused.refuse(task, Kind.TOTE, code, words, actor=actor_of(request))
    return _put(request, group, number(request, "got") or group.left)


def _put(request, group, count):
    base = number(request, "picked")
    take(group, picked=(group.picked if base is None else base) + count, actor=actor_of(request))
    return NEXT


def _short(request, group):
    """Fewer are there than asked: `count` were taken, the rest is short for `reason`."""
    count = number(request, "count", most=1_000_000) or 0
    if count >= group.left:
        raise Invalid(f"With {count} pieces nothing is short: confirm the count instead.", field="count")
    fall_short(group, taken=count, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return NEXT
