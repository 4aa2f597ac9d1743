"""What a scanned code means: an item and how many pieces of it, or a bin; and learning new codes."""

import re

from django.db.models.functions import Upper

from inventory.models import Sku, SkuBarcode
from oms.lib.commands import command
from oms.lib.errors import Invalid, NotFound
from oms.lib.text import check_text

# A GS1 element string: (01) and the 14 digits of a GTIN, what follows is lot, expiry … (GS1 General
# Specifications, section 3); the scanner may send its symbology identifier ("]C1") before it.
ELEMENTS = re.compile(r"^(?:\](?:C1|d2|Q3|e0))?(?:\(01\)|\x1d?01)(\d{14})", re.IGNORECASE)
GTIN_LENGTHS = (8, 12, 13, 14)


def read(code):
    """Return (Sku, pieces per scan) of a scanned `code`, a barcode or a SKU's own; raises NotFound."""
    code = code.strip().upper()
    if not code:
        raise NotFound("Scan an item first.", field="code")
    barcode = SkuBarcode.objects.filter(code__in=spellings(code)).select_related("sku").order_by("pk").first()
    if barcode:
        return barcode.sku, barcode.pieces
    sku = Sku.objects.by_codes([code]).get(code)
    if sku is None:
        raise NotFound(f"Nothing has the code {code[:48]}. Scan again, or look the item up.", field="code")
    return sku, 1


def read_bin(code, location):
    """Return the Bin of `location` that is called `code`; raises NotFound."""
    upper = code.strip().upper()
    if not upper:
        raise NotFound("Scan a bin first.", field="bin")
    bins = location.bins.annotate(upper_code=Upper("code")).filter(is_active=True, upper_code=upper)
    if found := bins.first():
        return found
    raise NotFound(f"{location} has no bin {upper[:20]}.", field="bin")


@command
def learn(sku, code, pieces):
    """Let `code` stand for `pieces` of `sku` from now on; a second call changes the pieces.

    Raises Invalid when it stands for another SKU already.
    """
    code = check_text(code, max_length=48, field="code").upper()
    if not code:
        raise Invalid("Scan the code to learn.", field="code")
    if pieces < 1:
        raise Invalid("A code stands for at least one piece.", field="pieces")
    owner = SkuBarcode.objects.filter(code__in=spellings(code)).select_related("sku").first()
    if owner and owner.sku_id != sku.pk:
        raise Invalid(f"{code} stands for {owner.sku}.", field="code")
    if Sku.objects.by_codes([code]).get(code, sku) != sku:
        raise Invalid(f"{code} is the code of another SKU.", field="code")
    return SkuBarcode.objects.update_or_create(
        code=owner.code if owner else code, defaults={"sku": sku, "pieces": pieces}
    )[0]


def spellings(code):
    """Return `code` and, of a GTIN, the same with the zeros in front that a longer or shorter one has."""
    elements = ELEMENTS.match(code)
    gtin = elements[1] if elements else code
    found = {code, gtin}
    if gtin.isascii() and gtin.isdigit() and len(gtin) in GTIN_LENGTHS:
        bare = gtin.lstrip("0")
        found |= {bare.zfill(length) for length in GTIN_LENGTHS if length >= len(bare)}
    return found
