"""Transfers at the door of a place: scan the slip, scan what goes or came, done; what differs is said at the end."""

import re
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.http import require_http_methods

from inventory.models import Sku, Transfer
from inventory.pages.door import attempt, go, show, stock_page, whole
from inventory.services import receive_transfer, scan, ship_transfer
from inventory.services.take_from import proposed
from oms.lib.console import actor_of, alarm, posted_id, say
from oms.lib.errors import Invalid, InvalidTransition, NotFound

MOST_SHOWN = 50
NUMBER = re.compile(r"T(\d{1,15})", re.IGNORECASE)
Status = Transfer.Status


@require_http_methods(["GET", "HEAD"])
@stock_page("inventory.receive_stock")
def transfers(request, place):
    """Ask for a slip; below it, what comes to this place and what it is to send."""
    code = request.GET.get("code", "").strip()
    if code:
        return _opened(request, place, code)
    coming = Transfer.objects.filter(target=place, status=Status.SHIPPED).select_related("source")
    sending = Transfer.objects.filter(source=place, status=Status.READY).select_related("target")
    context = {"coming": coming.order_by("expected_on", "pk")[:MOST_SHOWN], "sending": sending[:MOST_SHOWN]}
    return show(request, "transfers", title="Transfer", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.receive_stock")
def transfer(request, place, pk):
    """Scan each item; a typed number replaces what was scanned of it. Nothing is booked before Done."""
    found = _transfer(place, pk)
    if not _is_worked(found, place):
        return show(request, "transfer_state", title=str(found), transfer=found, lines=_lines(found))
    if request.method == "POST":
        line, done = attempt(request, lambda: _count(request, found))
        damaged = "1" if request.POST.get("is_damaged") else ""
        return go("stock:transfer", pk, sku=line.sku_id if done else "", damaged=damaged)
    lines = _lines(found)
    if found.status == Status.READY:
        bins = proposed(place, [line.sku_id for line in lines])
        for line in lines:
            line.bins = bins[line.sku_id]
    last = next((line for line in lines if str(line.sku_id) == request.GET.get("sku")), None)
    is_damaged = found.status == Status.SHIPPED and request.GET.get("damaged") == "1"
    context = {"transfer": found, "lines": lines, "last": last, "is_damaged": is_damaged}
    return show(request, "transfer", title=str(found), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.receive_stock")
def done(request, place, pk):
    """What was scanned beside what was sent, or asked for, with each difference by name; then book it."""
    found = _transfer(place, pk)
    if request.method == "POST":
        _, booked = attempt(request, lambda: _book(request, found, place))
        return go("stock:transfers") if booked else go("stock:transfer", pk)
    if not _is_worked(found, place):
        return go("stock:transfer", pk)
    lines = _lines(found)
    for line in lines:
        awaited = line.reserved if found.status == Status.READY else line.missing
        line.awaited, line.came = awaited, line.counted + line.counted_damaged
        line.short, line.surplus = max(awaited - line.came, 0), max(line.came - awaited, 0)
    differs = any(line.short or line.surplus or line.counted_damaged for line in lines)
    context = {"transfer": found, "lines": lines, "differs": differs, "token": uuid4()}
    return show(request, "transfer_done", title=str(found), **context)


def _opened(request, place, code):
    number = NUMBER.fullmatch(code)
    found = Transfer.objects.filter(pk=int(number[1])).first() if number else None
    if found is None or place.pk not in (found.source_id, found.target_id):
        alarm(request, NotFound(f"{code[:40]} is no transfer from or to {place}."))
        return go("stock:transfers")
    return go("stock:transfer", found.pk)


def _count(request, transfer):
    if "pieces" in request.POST:
        pieces = whole(request.POST["pieces"])
        if pieces is None:
            raise Invalid("Type how many pieces there are.", field="pieces")
        sku, add = Sku.objects.filter(pk=posted_id(request, "sku")).first(), False
        if sku is None:
            raise Invalid("Scan the item again.")
    else:
        (sku, pieces), add = scan.read(request.POST.get("code", "")), True
    is_damaged = bool(request.POST.get("is_damaged")) and transfer.status == Status.SHIPPED
    return receive_transfer.count(transfer.pk, sku, pieces, is_damaged=is_damaged, add=add)


def _book(request, transfer, place):
    if not _is_worked(transfer, place):  # a form sent twice: what comes next is for the other end
        raise InvalidTransition(_why_not(transfer))
    actor, token = actor_of(request), request.POST.get("token", "")[:40]
    if transfer.status == Status.READY:
        if not request.user.has_perm("inventory.ship_transfer"):
            raise PermissionDenied
        ship_transfer.ship_counted(transfer.pk, actor=actor)
        return say(request, f"{transfer} has left for {transfer.target}.")
    is_all = request.POST.get("do") != "part"
    booked = receive_transfer.book(transfer.pk, is_all=is_all, key=token or None, actor=actor)
    short = sum(line.missing for line in booked.lines.all())
    if booked.status != Status.RECEIVED:
        return say(request, f"{transfer} is booked. The rest may follow.")
    missing = "1 piece is" if short == 1 else f"{short} pieces are"
    return say(request, f"{transfer} is booked.{f' {missing} missing: a lead decides.' if short else ''}")


def _is_worked(transfer, place):
    """Whether somebody at `place` has something to scan for it now."""
    here = {Status.READY: transfer.source_id, Status.SHIPPED: transfer.target_id}
    return here.get(transfer.status) == place.pk


def _why_not(transfer):
    if transfer.status == Status.SHIPPED:
        return f"{transfer} has left already; {transfer.target} receives it."
    if transfer.status == Status.READY:
        return f"{transfer} has not left {transfer.source} yet."
    return f"{transfer} is {transfer.get_status_display().lower()}: there is nothing to book."


def _lines(transfer):
    return list(transfer.lines.select_related("sku").order_by("sku__code"))


def _transfer(place, pk):
    found = Transfer.objects.filter(pk=pk).select_related("source", "target").first()
    if found is None or place.pk not in (found.source_id, found.target_id):
        raise Http404
    return found
