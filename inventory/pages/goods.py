"""Rows of goods in a console form: what was typed, as lines; and the type-ahead behind it."""

from django.http import JsonResponse

from inventory.models import Sku
from inventory.services.suggest import suggest
from oms.lib.console import console_page
from oms.lib.errors import Invalid
from oms.lib.text import clean

BLANK_ROWS = 4


@console_page("inventory.view_sku")
def skus(request):
    """Goods whose code, barcode or name begins so, and how many a place has: for the type-ahead."""
    text, place = clean(request.GET.get("q", "")[:60]).strip(), request.GET.get("place", "")
    is_id = place.isascii() and place.isdigit() and len(place) < 18
    return JsonResponse({"found": suggest(text, location_id=int(place) if is_id else None)})


def rows_of(data):
    """Return [{"sku", "quantity"}] of the rows that were sent and are not empty."""
    pairs = zip(data.getlist("sku"), data.getlist("quantity"), strict=False)
    return [{"sku": sku.strip(), "quantity": quantity.strip()} for sku, quantity in pairs if sku.strip()]


def lines_of(rows):
    """Return {Sku: pieces} of `rows`, the same SKU added up; raises Invalid naming the row that is wrong."""
    skus, lines = Sku.objects.by_codes([row["sku"] for row in rows]), {}
    for number, row in enumerate(rows, start=1):
        sku = skus.get(row["sku"].upper()) or Sku.objects.scanned(row["sku"])
        if sku is None:
            raise Invalid(f"Row {number}: nothing has the code {row['sku'][:48]}.", field="lines")
        lines[sku] = lines.get(sku, 0) + _pieces(row["quantity"] or "1", number)
    return lines


def _pieces(text, number):
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text)):
        raise Invalid(f"Row {number}: say how many pieces, 1 or more.", field="lines")
    return int(text)
