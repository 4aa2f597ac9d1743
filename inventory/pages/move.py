"""Carrying goods: item, bin, done. From where, the system proposes: what came in lies in the DOCK."""

from django.views.decorators.http import require_http_methods

from inventory.models import Bin
from inventory.pages.door import go, show, stock_page
from inventory.pages.forms import MoveForm, held_at
from inventory.services import identify, in_hand, scan
from oms.lib.console import actor_of, alarm, blame, posted_id, say
from oms.lib.errors import DomainError, Invalid

# Where goods most likely are that somebody holds in his hands.
LIKELY = [Bin.Kind.DOCK, Bin.Kind.BULK, Bin.Kind.SHELF, Bin.Kind.QUARANTINE, Bin.Kind.STAGE]


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.move_stock")
def move(request, place):
    """Ask for an item; of `code` propose from where and how many, and ask for the bin; sent, book it."""
    if request.method == "POST":
        return _carry(request, place)
    code = request.GET.get("code", "").strip()
    if not code:
        return show(request, "move", title="Move")
    try:
        sku, _ = scan.read(code)
        label = identify.read(code)
        held = held_at(sku, place)
        if not held:
            raise Invalid(f"{place} has no {sku} in any bin. Receive it, or count it.")
    except DomainError as error:
        alarm(request, error)
        return go("stock:move")
    source = min(held, key=lambda row: (LIKELY.index(row.bin.kind), -row.quantity))
    initial = {"sku": sku, "source": source.bin_id, "quantity": source.quantity}
    initial |= {"lot": label.lot, "serials": "\n".join(label.serials)}
    form = MoveForm(place=place, held=held, initial=initial)
    return show(request, "move", title="Move", form=form, sku=sku, held=held)


def _carry(request, place):
    held = held_at(posted_id(request, "sku"), place)
    form = MoveForm(request.POST, place=place, held=held)
    if form.is_valid():
        data = form.cleaned_data
        try:
            which = {"lot": data["lot"], "serials": data["serials"]}
            which |= {"key": form.key("move"), "actor": actor_of(request)}
            in_hand.move(data["sku"], data["source"], data["bin"], data["quantity"], **which)
        except DomainError as error:
            blame(form, error)
        else:
            say(request, f"{data['quantity']} × {data['sku']} from {data['source']} to {data['bin']}.")
            return go("stock:move")
    if "sku" not in form.cleaned_data:
        alarm(request, Invalid("Scan the item again."))
        return go("stock:move")
    context = {"form": form, "sku": form.cleaned_data["sku"], "held": held}
    return show(request, "move", title="Move", status=422, **context)
