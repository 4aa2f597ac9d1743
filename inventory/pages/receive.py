"""Booking goods in: scan the item, count, done. Codes nobody knows are learned on the spot."""

from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from inventory.models import Bin, Sku, StockEntry
from inventory.pages.door import go, refuse, show, stock_page
from inventory.pages.forms import LearnForm, ReceiveForm
from inventory.services import scan, stock
from oms.lib.console import actor_of, blame, say
from oms.lib.errors import DomainError, NotFound
from oms.lib.plugins import named
from oms.panels import WHO_WAITS

# A receipt so many times the largest before is more often a slip of the finger than a truck.
SUSPICIOUS = 10
MOST_FOUND = 8


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.receive_stock")
def receive(request, place):
    """Ask for an item; of `code` show it and ask how many; sent, book them."""
    if request.method == "POST":
        return _book(request, place)
    code, reference = request.GET.get("code", "").strip(), request.GET.get("reference", "")[:30]
    if not code:
        return show(request, "receive", title="Receive", reference=reference)
    try:
        sku, pieces = scan.read(code)
    except NotFound:
        return _unknown(request, code, reference)
    form = ReceiveForm(place=place, initial={"sku": sku, "quantity": pieces, "reference": reference})
    return show(request, "receive", title="Receive", form=form, sku=sku, pieces=pieces, reference=reference)


@require_POST
@stock_page("inventory.receive_stock")
def learn(request, place):
    """Let a code stand for an item from now on, and go on with that item."""
    form = LearnForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            sku, _ = scan.read(data["item"])
            scan.learn(sku, data["code"], data["pieces"])
        except DomainError as error:
            blame(form, error)
        else:
            say(request, f"{data['code']} is {data['pieces']} × {sku} from now on.")
            return go("stock:receive", code=data["code"], reference=request.POST.get("reference", ""))
    return _unknown(request, request.POST.get("code", ""), request.POST.get("reference", ""), form=form)


def _unknown(request, code, reference, form=None):
    """Offer what is called like `code`, and to learn it."""
    found = Sku.objects.active().filter(name__icontains=code)[:MOST_FOUND] if len(code) > 2 else []
    form = form or LearnForm(initial={"code": code[:48]})
    context = {"code": code, "reference": reference, "found": found, "form": form}
    return show(request, "unknown", title="Unknown code", status=422 if form.errors else 404, **context)


def _book(request, place):
    form = ReceiveForm(request.POST, place=place)
    if form.is_valid():
        data = form.cleaned_data
        largest = _largest(data["sku"], place)
        if largest and data["quantity"] >= SUSPICIOUS * largest and not data["is_sure"]:
            return _again(request, form, warning=f"The largest receipt so far had {largest} pieces. Sure?", sure=True)
        try:
            target = _target(data, place)
            waiting = named(WHO_WAITS)(data["sku"].pk)  # asked first: a worker serves them at once
            stock.receive(
                data["sku"],
                place,
                data["quantity"],
                bin=target,
                reason="damaged" if data["is_damaged"] else "receive",
                subject=f"note:{data['reference']}" if data["reference"] else "",
                key=f"receive:{data['token']}",
                actor=actor_of(request),
            )
        except DomainError as error:
            blame(form, error)
        else:
            say(request, _booked(data, target, waiting))
            return go("stock:receive", reference=data["reference"])
    if "sku" not in form.cleaned_data:
        refuse(request, NotFound("Scan the item again."))
        return go("stock:receive")
    return _again(request, form)


def _again(request, form, **context):
    return show(request, "receive", title="Receive", status=422, form=form, sku=form.cleaned_data["sku"], **context)


def _target(data, place):
    if data["is_damaged"]:
        return stock.system_bin(place, Bin.Kind.QUARANTINE)
    return data["bin"] or stock.system_bin(place, Bin.Kind.DOCK)


def _largest(sku, place):
    """Return the pieces of the largest receipt of `sku` at `place`, or None."""
    receipts = StockEntry.objects.filter(sku=sku, location=place, reason="receive")
    return receipts.aggregate(largest=Max("delta"))["largest"]


def _booked(data, target, waiting):
    """Return what is said of a booking: its label, and that it goes to the bench where somebody waits for it."""
    query = {"sku": data["sku"].pk, "quantity": data["quantity"], "bin": target.code, "reference": data["reference"]}
    if data["is_damaged"]:
        query["band"] = "QUARANTINE"
    return format_html(
        '{}{} × {} into {}. <a href="{}?{}" target="_blank">Print the label</a>',
        _to_packing(data, waiting),
        data["quantity"],
        data["sku"],
        target,
        reverse("stock:label"),
        urlencode(query),
    )


def _to_packing(data, waiting):
    if data["is_damaged"] or not waiting["orders"]:
        return ""
    pieces = min(data["quantity"], waiting["pieces"])
    return format_html(
        '<strong class="shout">TO PACKING</strong> <strong class="large">{} {} for {}</strong><br>',
        pieces,
        "piece" if pieces == 1 else "pieces",
        "1 order" if waiting["orders"] == 1 else f"{waiting['orders']} orders",
    )
