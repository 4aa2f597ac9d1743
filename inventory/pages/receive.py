"""Booking goods in: scan the purchase order or note the delivery note, then item, count, done.

Codes nobody knows are learned on the spot.
"""

from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from inventory.models import Bin, PurchaseOrder, Sku, StockEntry
from inventory.pages.door import go, show, stock_page
from inventory.pages.forms import LearnForm, ReceiveForm
from inventory.services import identify, receive_delivery, scan, stock
from oms.lib.console import actor_of, alarm, blame, say
from oms.lib.errors import DomainError, NotFound
from oms.lib.plugins import named
from oms.panels import WHO_WAITS

# A receipt so many times the largest before is more often a slip of the finger than a truck.
SUSPICIOUS = 10
MOST_FOUND = 8
MOST_MAYBE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.receive_stock")
def receive(request, place):
    """Ask for an item; of `code` show it and ask how many; sent, book them. A purchase order's code is kept."""
    if request.method == "POST":
        return _book(request, place)
    code, reference = request.GET.get("code", "").strip(), request.GET.get("reference", "").strip()[:30]
    if order := _order(code):
        return go("stock:receive", reference=order.number)
    order = _order(reference, place)
    if not code:
        return show(request, "receive", title="Receive", reference=reference, order=order, lines=_lines(order))
    try:
        sku, pieces = scan.read(code)
    except NotFound:
        return _unknown(request, code, reference, place)
    form = ReceiveForm(place=place, initial={"sku": sku, "quantity": pieces, "reference": reference})
    form.initial |= _initial(code)
    context = {"sku": sku, "pieces": pieces, "reference": reference, "order": order}
    return show(request, "receive", title="Receive", form=form, line=_line(order, sku), **context)


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
    return _unknown(request, request.POST.get("code", ""), request.POST.get("reference", "")[:30], place, form=form)


def _unknown(request, code, reference, place, form=None):
    """Offer what is called like `code`, and to learn it for what is typed, or for what is still to come."""
    typed = form["item"].value() if form else ""
    maybe = _called(typed) if typed else [line.sku for line in _lines(_order(reference, place))][:MOST_MAYBE]
    form = form or LearnForm(initial={"code": code[:48]})
    context = {"code": code, "reference": reference, "found": _called(code), "maybe": maybe, "form": form}
    return show(request, "unknown", title="Unknown code", status=422 if form.errors else 404, **context)


def _called(text):
    """Return the SKUs whose name has `text` in it, for the eye."""
    return list(Sku.objects.active().filter(name__icontains=text)[:MOST_FOUND]) if len(text) > 2 else []


def _book(request, place):
    form = ReceiveForm(request.POST, place=place)
    if form.is_valid():
        data = dict(form.cleaned_data)  # a field that is refused leaves the form's own
        order = _order(data["reference"], place)
        largest = None if order or data["is_sure"] else _largest(data["sku"], place)
        if largest and data["quantity"] >= SUSPICIOUS * largest:
            return _again(
                request, form, data, warning=f"The largest receipt so far had {largest} pieces. Sure?", sure="is_sure"
            )
        target = _target(data, place)
        waiting = named(WHO_WAITS)(data["sku"].pk)  # asked first: a worker serves them at once
        try:
            _receive(request, place, data, order, form.key("receive"))
        except DomainError as error:
            if _may_accept(request, error, order):
                return _again(request, form, data, warning=error.message, sure="is_over_accepted")
            blame(form, error)
            return _again(request, form, data)
        else:
            say(request, _booked(data, target, waiting))
            return go("stock:receive", reference=data["reference"])
    if "sku" not in form.cleaned_data:
        alarm(request, NotFound("Scan the item again."))
        return go("stock:receive")
    return _again(request, form, form.cleaned_data)


def _initial(code):
    """Return what the scanned label says of lot, last day and serial; a label that is wrong fills nothing."""
    try:
        label = identify.read(code)
    except DomainError:
        return {}
    return {"lot": label.lot, "expires_on": label.expires_on, "serials": "\n".join(label.serials)}


def _receive(request, place, data, order, key):
    is_damaged, may_accept = data["is_damaged"], request.user.has_perm("inventory.accept_over_delivery")
    receive_delivery.receive(
        data["sku"],
        place,
        0 if is_damaged else data["quantity"],
        damaged=data["quantity"] if is_damaged else 0,
        order=order,
        note="" if order and order.number == data["reference"].upper() else data["reference"],
        bin=None if is_damaged else data["bin"],
        identity=identify.Identity(data["lot"], data["expires_on"], data["serials"]),
        is_over_accepted=data["is_over_accepted"] and may_accept,
        key=key,
        actor=actor_of(request),
    )


def _may_accept(request, error, order):
    """Say whether who is refused more than was ordered may decide to take it all the same."""
    return order and error.field == "quantity" and request.user.has_perm("inventory.accept_over_delivery")


def _again(request, form, data, **context):
    order = _order(data.get("reference", ""), form.place)
    context |= {"order": order, "line": _line(order, data["sku"])}
    return show(request, "receive", title="Receive", status=422, form=form, sku=data["sku"], **context)


def _order(code, place=None):
    """Return the purchase order whose number was scanned, or whose supplier announced that delivery note, or None."""
    orders = PurchaseOrder.objects.select_related("supplier", "location")
    if code[:1] in ("P", "p") and (found := orders.numbered(code).first()):
        return found
    announced = orders.filter(notices__delivery_note=code, location=place) if code and place else orders.none()
    return announced.order_by("pk").last()


def _line(order, sku):
    return order.lines.filter(sku=sku).first() if order else None


def _lines(order):
    """Return what is still to come of an order, for the eye; [] without one."""
    lines = order.lines.select_related("sku").order_by("sku__code") if order else []
    return [line for line in lines if line.open]


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
