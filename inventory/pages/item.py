"""One item: where it lies, what happened to it, its labels, its pieces in quarantine, its picture."""

import mimetypes

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.documents.item_label import ItemLabel, render_labels
from inventory.models import Bin, Serial, Sku, StockEntry
from inventory.pages.door import attempt, go, show, stock_page
from inventory.pages.forms import LabelForm, QuarantineForm, held_at
from inventory.services import identify, scan
from inventory.services import quarantine as unfit
from inventory.services.bins import system_bin
from inventory.services.whereabouts import makeable, whereabouts
from oms.lib.console import actor_of, alarm, console_page, say
from oms.lib.errors import DomainError, Invalid, NotFound
from oms.lib.plugins import named
from oms.panels import WHO_WAITS

SHOWN_ENTRIES = 20
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}


@require_safe
@stock_page("inventory.view_stocklevel")
def item(request, place):
    """Ask for an item; of `code` show all that the place knows of it."""
    code = request.GET.get("code", "").strip()
    if not code:
        return show(request, "item", title="Look up")
    try:
        label = identify.read(code)
        sku, serial = _read(code, label)
    except DomainError as error:
        alarm(request, error)
        return go("stock:item")
    return _shown(request, place, sku, label=label, serial=serial)


def _read(code, label):
    """Return (Sku, Serial or None) of a scanned code: an item's, or the serial number of a piece."""
    try:
        sku, _ = scan.read(code)
    except NotFound:
        serial = Serial.objects.filter(code=code.upper()).select_related("sku", "bin", "location").first()
        if serial is None:
            raise
        return serial.sku, serial
    numbers = Serial.objects.filter(sku=sku, code__in=[number.upper() for number in label.serials])
    return sku, numbers.select_related("bin", "location").first() if label.serials else None


def _shown(request, place, sku, *, label, serial):
    held = held_at(sku, place)
    entries = StockEntry.objects.filter(sku=sku, location=place).select_related("bin").order_by("-pk")
    shelf = next((row.bin.code for row in held if row.bin.kind == Bin.Kind.SHELF), "")
    context = {
        "sku": sku,
        "waiting": named(WHO_WAITS)(sku.pk),
        "held": held,
        "label": label,
        "serial": serial,
        "rows": whereabouts(sku),
        "entries": entries[:SHOWN_ENTRIES],
        "label_form": LabelForm(initial={"sku": sku, "bin": shelf}),
        "quarantine_form": QuarantineForm(place=place, initial={"sku": sku}),
    }
    if sku.is_kit:
        context["kits"], context["kits_at"], context["parts"] = makeable(sku)
    return show(request, "item", title=sku.code, **context)


@require_POST
@stock_page("inventory.adjust_stock")
def quarantine(request, place):
    """Put pieces into quarantine, take them out again, or scrap them."""
    form = QuarantineForm(request.POST, place=place)
    if form.is_valid():
        data = form.cleaned_data
        common = {"key": form.key("quarantine"), "actor": actor_of(request)}
        _, done = attempt(request, lambda: _quarantine(data, place, **common))
        if done:
            say(
                request,
                f"{data['quantity']} × {data['sku']}: {dict(form.fields['what'].choices)[data['what']].lower()}.",
            )
    else:
        alarm(request, Invalid(" ".join(text for errors in form.errors.values() for text in errors)))
    sku = form.cleaned_data.get("sku")
    return go("stock:item", code=sku.code if sku else "")


def _quarantine(data, place, **common):
    sku, pieces, bin = data["sku"], data["quantity"], data["bin"] or system_bin(place, Bin.Kind.DOCK)
    which = {"lot": data["lot"], "serials": data["serials"]} | common
    if data["what"] == "put":
        unfit.put(sku, bin, pieces, **which)
    elif data["what"] == "clear":
        unfit.clear(sku, bin, pieces, **which)
    else:
        unfit.scrap(sku, place, pieces, **which)


@require_safe
@stock_page("inventory.view_stocklevel")
def label(request, place):
    """Answer with the PDF of item labels that the query describes."""
    data = {"copies": 1, "quantity": 1} | request.GET.dict()
    form = LabelForm(data)
    if not form.is_valid():
        alarm(request, Invalid("Say what stands on the label: the item, its pieces, how many labels."))
        return go("stock:item")
    data = form.cleaned_data
    row = ItemLabel(
        sku=data["sku"].code,
        name=data["sku"].name,
        quantity=data["quantity"],
        bin=data["bin"],
        reference=data["reference"],
        receiver=request.user.get_username(),
        printed_on=timezone.localdate(),
        band=data["band"],
    )
    pdf = render_labels([row] * data["copies"])
    return HttpResponse(
        pdf.content, "application/pdf", headers={"Content-Disposition": 'inline; filename="labels.pdf"'}
    )


@require_safe
@console_page("inventory.view_sku")
def picture(request, pk):
    """Answer with the picture of a SKU; nothing that a browser could run is served as one."""
    sku = get_object_or_404(Sku, pk=pk)
    kind = mimetypes.guess_type(sku.image.name or "")[0]
    if kind not in PICTURES or not sku.image.storage.exists(sku.image.name):
        raise Http404
    return FileResponse(
        sku.image.open(),
        content_type=kind,
        headers={"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )
