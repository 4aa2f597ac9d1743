"""Which pieces came: the lot, or the serial number of each, as read at the dock. Checked before anything is booked."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from inventory.models import Lot, Sku
from inventory.services import serials
from oms.lib import gs1
from oms.lib.clock import today_at
from oms.lib.errors import Invalid
from oms.lib.text import check_text


@dataclass(frozen=True)
class Identity:
    """As typed or scanned: the lot's code and last day, the number of each piece."""

    lot: str = ""
    expires_on: date | None = None
    serials: list[str] = field(default_factory=list)


def read(code):
    """Return the Identity that a scanned label carries besides its product; an empty one for a plain barcode."""
    if not gs1.is_element_string(code):
        return Identity()
    label = gs1.parse(code, today=timezone.localdate())
    return Identity(label.lot, label.expires_on, [label.serial] if label.serial else [])


def number_of(code):
    """Return the serial number that a scanned `code` is, or has on its GS1 label."""
    label = read(code).serials
    return label[0] if label else code


def identify(sku, location, pieces, identity, *, supplier=None, reference=""):
    """Return what `stock.receive` is told of `pieces` of `sku`: {"lot": Lot, "serials": [...]}, empty if untracked.

    They come in at `location`. Makes the lot on its first delivery. Raises Invalid for a missing, expired or
    blocked lot, one that is known with another day, or serials that are missing, known, or scanned twice.
    """
    if sku.tracking == Sku.Tracking.LOT:
        return {"lot": _lot(sku, location, identity, supplier, reference)}
    if sku.tracking == Sku.Tracking.SERIAL:
        codes = [number_of(code) for code in identity.serials]
        if len(codes) != pieces:
            raise Invalid(f"Scan the serial number of each: {len(codes)} of {pieces} so far.", field="serials")
        return {"serials": serials.new(sku, codes)}
    return {}


def _lot(sku, location, identity, supplier, reference):
    code = check_text(identity.lot, max_length=40, field="lot").upper()
    if not code:
        raise Invalid(f"{sku} is kept by lot: scan the lot code, or type it.", field="lot")
    known = Lot.objects.filter(sku=sku, code=code).first()
    lot = known or Lot(sku=sku, code=code, expires_on=identity.expires_on, supplier=supplier, reference=reference[:60])
    if identity.expires_on and lot.expires_on != identity.expires_on:
        was = f"expires on {lot.expires_on:%d.%m.%Y}" if lot.expires_on else "does not expire"
        raise Invalid(f"Lot {code} of {sku} {was} by its first delivery: read the label again.", field="expires_on")
    if why := lot.why_withheld(today_at(location)):
        raise Invalid(f"{why}. Do not take it in: send it back.", field="expires_on" if lot.expires_on else "lot")
    if known is None:
        lot.save()
    return lot
