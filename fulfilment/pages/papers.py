"""The floor's papers as PDF: made by a worker, or on first sight; a second print, which is posted, is marked."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from fulfilment.models import CarrierManifest, Manifest, Parcel, PickList
from fulfilment.pages.door import station_of
from fulfilment.services import printing
from inventory.models import Sku
from oms.lib.console import actor_of, back, console_page, say
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from oms.papers.services.reprint import reprint
from orders.customer.brand import LOGO_TYPES

PARCEL_PAPERS = {"slip": "packing_slip", "label": "shipping_label", "customs": "customs_form"}
PARCEL_PAPERS |= {"photo": "packing_photo"}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_picklist")
def pick_list(request, pk):
    get_object_or_404(PickList, pk=pk)
    return _answer(request, Document.objects.latest_of("pick_list", pk))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_parcel")
def parcel_paper(request, pk, paper):
    """The slip, the label or the customs declaration of a parcel; 404 while there is none."""
    parcel = get_object_or_404(Parcel, pk=pk)
    if paper not in PARCEL_PAPERS or (paper == "label" and not parcel.tracking_number):
        raise Http404
    return _answer(request, Document.objects.latest_of(PARCEL_PAPERS[paper], pk))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_manifest")
def manifest(request, pk):
    """The manifest of a closed one; 404 while it is open."""
    get_object_or_404(Manifest, pk=pk)
    return _answer(request, Document.objects.latest_of("manifest", pk))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_manifest")
def carrier_manifest(request, pk):
    """The carrier's own manifest, as it came; 404 while there is none."""
    get_object_or_404(CarrierManifest, pk=pk)
    return _answer(request, Document.objects.latest_of("carrier_manifest", pk))


@require_safe
@console_page("fulfilment.view_picktask")
def photo(request, pk):
    """The picture of a SKU; 404 when it has none that is safe to show."""
    sku = get_object_or_404(Sku, pk=pk)
    media_type = LOGO_TYPES.get(sku.image.name.rpartition(".")[2].lower()) if sku.image else None
    if media_type is None:
        raise Http404("This SKU has no picture.")
    try:
        return FileResponse(sku.image.open("rb"), content_type=media_type)
    except FileNotFoundError:
        raise Http404("The picture's file is gone.") from None


def _answer(request, document):
    """Show a paper, or print it again: at the station of the device, or as a PDF that says so."""
    if document is None:
        raise Http404("It is made when the parcel or manifest is closed, a label when it is bought.")
    station = station_of(request)
    if request.method == "POST" and station and station.prints(printing.kind_of(document)):
        job = printing.send_again(station, document, actor=actor_of(request))
        say(request, f"{job} goes to the printer of {station}.")
        return back(request, reverse("floor:home"))
    content = reprint(document, actor=actor_of(request)) if request.method == "POST" else read_document(document)
    headers = {"Content-Disposition": f'inline; filename="{document.filename}"'}
    return HttpResponse(content, document.media_type, headers=headers)
