"""A picker without a connection: what his device needs to go on alone, and what it sends once it has one again."""

import json
from datetime import UTC, datetime

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from fulfilment.models import PickList, PickTask
from fulfilment.services import pick, refused, short
from inventory.services import scan
from oms.lib.console import actor_of, alarm, console_page
from oms.lib.errors import DomainError, Invalid

MOST_ACTS = 500
MOST_BYTES = 100_000
LATEST_MS = 10**13  # in the year 2286


def plan_of(tasks):
    """Return what a device knows of the open `tasks` of a walk, in their order, as JSON can hold it.

    `codes` are all that a scanner can read off the item, {code in capitals: pieces}.
    """
    return [_task(task) for task in tasks.prefetch_related("sku__barcodes")]


def _task(task):
    codes = {code: barcode.pieces for barcode in task.sku.barcodes.all() for code in scan.spellings(barcode.code)}
    return {
        "task": task.pk,
        "bin": task.bin.code if task.bin else "",
        "sku": task.sku.code,
        "name": task.sku.name,
        "lot": str(task.lot or ""),
        "tote": task.fulfilment_line.fulfilment_order.tote,
        "tote_code": task.fulfilment_line.fulfilment_order.tote_code,
        "left": task.left,
        "picked": task.picked,
        "codes": {task.sku.code.upper(): 1} | codes,
    }


@require_POST
@console_page("fulfilment.change_picktask")
def sync(request, pk):
    """Take in what a device did alone, in its order; twice it counts once. What cannot be is said on the next page.

    The body is {"acts": [{"task", "picked": pieces in all, "short": reason or "", "wrong": what was refused, "at": the
    step, "when": ms since 1970}]}, the last three only for a scan that the device refused.
    """
    pick_list = get_object_or_404(PickList, pk=pk)
    try:
        acts = _read(request.body)
    except Invalid as error:
        return JsonResponse({"error": error.message}, status=error.status)
    if pick_list.status == PickList.Status.OPEN:
        pick.take_up(pick_list.pk, picker=request.user)
    known = set(pick_list.tasks.values_list("pk", flat=True))
    for act in acts:
        try:
            if act["task"] not in known:
                raise Invalid("A pick was taken off the list while you had no connection: put its pieces back.")
            _apply(act, actor_of(request))
        except DomainError as error:
            alarm(request, error)
    return JsonResponse({"acts": len(acts)})


def _apply(act, actor):
    if act["wrong"]:
        task = PickTask.objects.select_related("fulfilment_line__fulfilment_order").get(pk=act["task"])
        at = datetime.fromtimestamp(act["when"] / 1000, UTC) if act["when"] else None
        refused.note(task, act["at"], act["wrong"], at=at, actor=actor)
    if act["picked"]:
        task = pick.pick(act["task"], picked=act["picked"], actor=actor)
        if task.done_by not in ("", actor):
            raise Invalid(f"Somebody else was done with {task.sku} already: put back what you took of it as well.")
    if act["short"]:
        short.short(act["task"], reason=act["short"], actor=actor)


def _read(body):
    """Return the acts of a request; raises Invalid on what no device of ours sends."""
    try:
        acts = json.loads(body[:MOST_BYTES])["acts"]
        rows = [_act(act) for act in acts]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise Invalid("Acts are {task, picked, short}.", field="acts") from None
    is_sound = all(0 <= row["picked"] < 10**6 and 0 <= row["when"] < LATEST_MS for row in rows)
    if len(rows) > MOST_ACTS or not is_sound:
        raise Invalid(f"At most {MOST_ACTS} acts, of at most a million pieces, each of some day.", field="acts")
    return rows


def _act(act):
    at = str(act.get("at", ""))
    return {
        "task": int(act["task"]),
        "picked": int(act["picked"]),
        "short": str(act["short"]),
        "wrong": str(act.get("wrong", ""))[:48] if at in ("bin", "item", "tote") else "",
        "at": at,
        "when": int(act.get("when") or 0),
    }
