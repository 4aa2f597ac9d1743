"""Loading: each parcel's label is scanned into the carrier's manifest, and what must not leave is refused loudly."""

from fulfilment.documents.shipping_label import parcel_of_sscc
from fulfilment.models import Parcel
from fulfilment.services.hand_over import MOST_PARCELS, lock_open, why_stays
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from orders.models import Order


@command
def load(location, code, *, carrier=None):
    """Put the parcel whose label reads `code` on the open manifest of `carrier`; return the Parcel.

    `carrier` None: of its own. On that manifest already: nothing. Raises NotFound for no parcel of this place,
    Invalid for another carrier's, InvalidTransition for what was handed over, is not shipped, held or being
    cancelled (STOP), and when the manifest is full.
    """
    found = find(location, code)
    order = Order.objects.lock(found.order_id)
    parcel = Parcel.objects.select_for_update(of=("self",)).get(pk=found.pk)
    wanted = carrier or parcel.carrier
    if parcel.carrier != wanted:
        raise Invalid(f"{parcel} goes with {parcel.carrier or 'no carrier'}, not {wanted}. Take it off.")
    if reason := why_stays(parcel, order, wanted):
        raise InvalidTransition(f"{reason}. Take it off.")
    manifest = lock_open(location, wanted)
    if parcel.manifest_id != manifest.pk and manifest.parcels.count() >= MOST_PARCELS:
        raise InvalidTransition(f"{manifest} is full with {MOST_PARCELS} parcels: close it, then scan {parcel}.")
    parcel.manifest = manifest
    parcel.save(update_fields=["manifest"])
    return parcel


def find(location, code):
    """Return the parcel at `location` whose tracking number, SSCC or number ("P7") is `code`, the newest first.

    Raises NotFound.
    """
    code = code.strip()
    rows = Parcel.objects.filter(fulfilment_order__location=location).exclude(status=Parcel.Status.CANCELLED)
    number = code[1:] if code[:1] in ("P", "p") else ""
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else parcel_of_sscc(code)
    found = rows.filter(tracking_number=code).order_by("-pk").first() if code else None
    found = found or (rows.filter(pk=pk).first() if pk else None)
    if found is None:
        raise NotFound(f"{code[:40] or 'Nothing'} is the label of no parcel here. Take it off.")
    return found
