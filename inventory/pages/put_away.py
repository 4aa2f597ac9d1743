"""Putting away what lies in the dock: item, proposed bin, done; what somebody waits for goes to packing first."""

from uuid import uuid4

from django.views.decorators.http import require_http_methods

from inventory.models import Bin, Sku
from inventory.pages.door import attempt, go, show, stock_page, whole
from inventory.pages.forms import held_at, lines_of
from inventory.services import identify, once, scan
from inventory.services import put_away as putting
from oms.lib.console import actor_of, alarm, posted_id, say
from oms.lib.errors import DomainError, Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.move_stock")
def put_away(request, place):
    """List the dock with a bin for each; of a scanned item ask for the bin; sent, carry it there."""
    if request.method == "POST":
        return _carry(request, place)
    code = request.GET.get("code", "").strip()
    if not code:
        return show(request, "put_away", title="Put away", rows=putting.waiting(place))
    try:
        sku, _ = scan.read(code)
        label, rows = identify.read(code), putting.waiting(place, sku=sku)
        if not rows:
            raise Invalid(f"No {sku} lies in the dock of {place}. Receive it first, or use Move.")
    except DomainError as error:
        alarm(request, error)
        return go("stock:put_away")
    held = [row for row in held_at(sku, place) if row.bin_id == rows[0].dock.pk]
    context = {"row": rows[0], "sku": sku, "held": held, "label": label, "token": uuid4()}
    return show(request, "put_away", title="Put away", **context)


def _carry(request, place):
    sku = Sku.objects.filter(pk=posted_id(request, "sku")).first()
    _, done = attempt(request, lambda: _put(request, place, sku))
    return go("stock:put_away", code="" if done or sku is None else sku.code)


def _put(request, place, sku):
    dock = place.bins.filter(kind=Bin.Kind.DOCK, pk=posted_id(request, "dock")).first()
    token = request.POST.get("token", "")[:36]
    if not (sku and dock and token):
        raise Invalid("Scan the item again.")
    pieces = whole(request.POST.get("pieces", ""))
    if pieces is None:
        raise Invalid("Type how many pieces you carried.", field="pieces")
    target = scan.read_bin(request.POST.get("bin", ""), place)
    lot, numbers = request.POST.get("lot", "")[:100], lines_of(request.POST.get("serials", ""))
    which = {"lot": lot, "serials": numbers}
    key = once.key_of("put_away", token, sku.pk, dock.pk, target.pk, pieces, lot, numbers)
    putting.put_away(sku, dock, target, pieces, **which, key=key, actor=actor_of(request))
    say(request, f"{pieces} × {sku} are in {target}.")
