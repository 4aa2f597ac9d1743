"""SKUs as somebody types them: by the begin of the code, a barcode, or a part of the name. Reads only."""

from django.db.models import Q

from inventory.models import Sku
from inventory.services.availability import available

MOST_SHOWN = 8


def matching(text):
    """Return up to MOST_SHOWN active [Sku] that `text` may mean, codes first."""
    if not text:
        return []
    by_code = Sku.objects.active().filter(Q(code__istartswith=text) | Q(barcodes__code=text.upper()))
    found = list(by_code.distinct().order_by("code")[:MOST_SHOWN])
    if len(found) < MOST_SHOWN and len(text) > 2:
        by_name = Sku.objects.active().filter(name__icontains=text).exclude(pk__in=[sku.pk for sku in found])
        found += by_name.order_by("code")[: MOST_SHOWN - len(found)]
    return found


def suggest(text, *, location_id=None):
    """Return [{"code", "name", "available"}] of goods that `text` may mean, available at one place or in all."""
    skus = [sku for sku in matching(text) if sku.is_stocked]
    levels = available([sku.pk for sku in skus], locations=None if location_id is None else [location_id])
    there = {sku.pk: sum(pieces for (sku_id, _), pieces in levels.items() if sku_id == sku.pk) for sku in skus}
    return [{"code": sku.code, "name": sku.name, "available": there[sku.pk]} for sku in skus]
