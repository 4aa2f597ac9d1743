"""Putting away what lies in the dock: item, proposed bin, done; what somebody waits for goes to packing first."""

from django.views.decorators.http import require_http_methods

from inventory.models import Sku
from inventory.pages.door import attempt, go, show, stock_page, whole
from inventory.pages.forms import held_at, lines_of
from inventory.services import identify, scan
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
    return show(request, "put_away", title="Put away", row=rows[0], sku=sku, held=held, label=label)


def _carry(request, place):
    sku = Sku.objects.filter(pk=posted_id(request, "sku")).first()
    _, done = attempt(request, lambda: _put(request, place, sku))
    return go("stock:put_away", code="" if done or sku is None else sku.code)


def _put(request, place, sku):
    rows = putting.waiting(place, sku=sku) if sku else []
    if not rows:
        raise Invalid("Scan the item again.")
    pieces = whole(request.POST.get("pieces", ""))
    if pieces is None:
        raise Invalid("Type how many pieces you carried.", field="pieces")
    target = scan.read_bin(request.POST.get("bin", ""), place)
    lot, numbers = request.POST.get("lot", "")[:100], lines_of(request.POST.get("serials", ""))
    putting.put_away(sku, rows[0].dock, target, pieces, lot=lot, serials=numbers, actor=actor_of(request))
    say(request, f"{pieces} × {sku} are in {target}.")
