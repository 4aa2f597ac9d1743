"""Correcting what is on hand: what changed, where, why; then a look at what comes of it."""

from django.views.decorators.http import require_http_methods

from inventory.models import Bin, StockLevel
from inventory.pages.door import go, show, stock_page
from inventory.pages.forms import AdjustForm, held_at
from inventory.services import identify, in_hand, scan, stock
from oms.lib.console import actor_of, alarm, blame, posted_id, say
from oms.lib.errors import DomainError, Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.adjust_stock")
def adjust(request, place):
    """Ask for an item; of `code` ask what changed; sent, show what comes of it; sent again, book it."""
    if request.method == "POST":
        return _correct(request, place)
    code = request.GET.get("code", "").strip()
    if not code:
        return show(request, "adjust", title="Adjust")
    try:
        sku, _ = scan.read(code)
        stock.check_stocked(sku, place)
        label = identify.read(code)
    except DomainError as error:
        alarm(request, error)
        return go("stock:adjust")
    held = held_at(sku, place)
    initial = {"sku": sku, "lot": label.lot, "serials": "\n".join(label.serials)}
    form = AdjustForm(place=place, held=held, initial=initial)
    return show(request, "adjust", title="Adjust", form=form, sku=sku, held=held)


def _correct(request, place):
    held = held_at(posted_id(request, "sku"), place)
    form = AdjustForm(request.POST, place=place, held=held)
    context = {}
    if form.is_valid():
        data = form.cleaned_data
        run = in_hand.adjust if data["is_sure"] else in_hand.try_adjust
        is_done = _run(run, request, form, place)
        if is_done and data["is_sure"]:
            say(request, _booked(data, place))
            return go("stock:adjust")
        context = {"preview": _preview(data, place)} if is_done else {}
    if "sku" not in form.cleaned_data:
        alarm(request, Invalid("Scan the item again."))
        return go("stock:adjust")
    context |= {"form": form, "sku": form.cleaned_data["sku"], "held": held}
    return show(request, "adjust", title="Adjust", status=422 if form.errors else 200, **context)


def _run(run, request, form, place):
    """Book what was typed, or try to; returns whether that can be."""
    data = form.cleaned_data
    try:
        run(
            data["sku"],
            place,
            data["change"],
            reason=data["reason"],
            bin=data["where"],
            lot=data["lot"],
            serials=data["serials"],
            key=form.key("adjust"),
            actor=actor_of(request),
        )
    except DomainError as error:
        blame(form, error)
        return False
    return True


def _booked(data, place):
    return f"{data['sku']} at {place}: {data['change']:+} pieces, {stock.ADJUST_REASONS[data['reason']].lower()}."


def _preview(data, place):
    """Return what is there, what will be, and how many promised pieces lose their stock, and the worth at cost."""
    level = StockLevel.objects.filter(sku=data["sku"], location=place).first() or StockLevel()
    free = level.on_hand - level.reserved - level.unavailable
    unfit = data["where"] is not None and data["where"].kind == Bin.Kind.QUARANTINE
    broken = 0 if unfit else min(max(-data["change"] - max(free, 0), 0), level.reserved)
    worth = data["change"] * data["sku"].unit_cost
    return {"before": level.on_hand, "after": level.on_hand + data["change"], "broken": broken, "worth": worth}
