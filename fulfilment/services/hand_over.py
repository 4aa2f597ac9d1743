"""Handing parcels to the carrier: the manifest closes, and nothing on it is unshipped any more."""

from django.db.models import Q
from django.utils import timezone

from fulfilment.models import Manifest, Parcel
from fulfilment.services.ask_manifest import plan
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition, Retry
from oms.outbox.publish import publish
from oms.papers.services.request_document import request_document
from orders.models import Order

MOST_PARCELS = 500
STOP = "STOP"


@command
def hand_over(location, parcel_ids, *, carrier=None, seen=None, actor):
    """Close the manifest of `carrier` at `location` over these shipped parcels; return (it, {parcel: why it stays}).

    `carrier` None: that of the first of them. Held orders and those being cancelled are left out, for this is the
    last moment to stop them: their reason begins with STOP. So are parcels of another carrier and those that were
    handed over, and what is beyond MOST_PARCELS; when none remains InvalidTransition is raised, so a second call makes
    no second manifest. What was scanned into the manifest and is not among `parcel_ids` is taken off it. `seen` are the
    ids of what the caller saw on it (None: all): InvalidTransition when another one was scanned since.
    """
    parcel_ids = list(dict.fromkeys(parcel_ids))
    wanted = set(parcel_ids[:MOST_PARCELS])
    here = Parcel.objects.filter(fulfilment_order__location=location)
    carrier = carrier or _carrier_of(here.filter(pk__in=wanted))
    claimed, orders = _claim(here.filter(Q(pk__in=wanted) | _on_open(carrier)))
    chosen = [parcel for parcel in claimed if parcel.pk in wanted]
    kept = {parcel: reason for parcel in chosen if (reason := why_stays(parcel, orders[parcel.order_id], carrier))}
    parcels = [parcel for parcel in chosen if parcel not in kept]
    if not parcels:
        raise InvalidTransition("Nothing to hand over: " + ("; ".join(kept.values()) or "choose parcels."))
    for parcel in here.filter(pk__in=parcel_ids[MOST_PARCELS:]):
        kept[parcel] = f"{parcel} is beyond the {MOST_PARCELS} of one manifest: scan it into the next"
    manifest = lock_open(location, carrier)
    if seen is not None:
        _check_seen(manifest, {*seen, *parcel_ids})
    _take_off(manifest, claimed, parcels)
    for parcel in parcels:
        parcel.manifest = manifest
        parcel.save(update_fields=["manifest"])
        parcel.move_to(Parcel.Status.HANDED_OVER)
    manifest.handed_over_at, manifest.handed_over_by = timezone.now(), actor
    manifest.save(update_fields=["handed_over_at", "handed_over_by"])
    plan(manifest)
    _tell(manifest, parcels, orders, actor)
    return manifest, kept


def lock_open(location, carrier):
    """Return the open Manifest of `carrier` (None: without one) at `location`, locked, made where there is none.

    The last lock that is taken, after orders and parcels.
    """
    rows = Manifest.objects.open().filter(location=location, carrier=carrier).select_for_update(of=("self",))
    found = rows.order_by("pk").first()
    if found is None:
        Manifest.objects.bulk_create([Manifest(location=location, carrier=carrier)], ignore_conflicts=True)
        found = rows.order_by("pk").first()
    if found is None:  # somebody closed it between the two looks
        raise Retry(f"The manifest at {location} was closed meanwhile.")
    return found


def why_stays(parcel, order, carrier):
    """Return why a parcel of a locked order must not leave with `carrier` now, or "".

    What somebody must stop at once begins with STOP.
    """
    if parcel.status != Parcel.Status.SHIPPED:
        return f"{parcel} is {parcel.state}" + (f" on {parcel.manifest}" if parcel.manifest_id else "")
    if order.is_held:
        return f"{STOP}: {parcel} stays, its order {order} is on hold"
    if order.cancel_requested_at:
        return f"{STOP}: {parcel} stays, its order {order} is being cancelled"
    if parcel.carrier != carrier:
        return f"{parcel} goes with {parcel.carrier or 'no carrier'}, not {carrier or 'without one'}"
    return ""


def _carrier_of(parcels):
    first = parcels.filter(status=Parcel.Status.SHIPPED).select_related("carrier").order_by("pk").first()
    return first and first.carrier


def _on_open(carrier):
    return Q(manifest__isnull=False, manifest__handed_over_at__isnull=True, manifest__carrier=carrier)


def _claim(rows):
    """Lock the orders of parcels, then the parcels; return (they, {pk: order})."""
    order_ids = sorted(set(rows.values_list("order_id", flat=True)))
    orders = {pk: Order.objects.lock(pk) for pk in order_ids}
    pks = rows.values_list("pk", flat=True)
    locked = Parcel.objects.filter(pk__in=list(pks)).select_related("carrier", "manifest")
    return list(locked.order_by("pk").select_for_update(of=("self",))), orders


def _check_seen(manifest, seen):
    if unseen := list(manifest.parcels.exclude(pk__in=seen).order_by("pk")[:10]):
        names = ", ".join(map(str, unseen))
        raise InvalidTransition(f"Scanned into {manifest} since you opened the page: {names}. Look again, then close.")


def _take_off(manifest, claimed, parcels):
    """Take what stays here off a locked manifest.

    Raises Retry when somebody scanned a parcel into it meanwhile: once more from the start, with that one locked.
    """
    on_it = set(manifest.parcels.values_list("pk", flat=True))
    if on_it - {parcel.pk for parcel in claimed}:
        raise Retry(f"A parcel was scanned into {manifest} meanwhile: look again, then close it.")
    Parcel.objects.filter(pk__in=on_it - {parcel.pk for parcel in parcels}).update(manifest=None)


def _tell(manifest, parcels, orders, actor):
    for pk, order in orders.items():
        gone = [parcel.pk for parcel in parcels if parcel.order_id == pk]
        if gone:
            order.publish("order.handed_over", actor=actor, manifest=manifest.pk, parcels=gone)
    subject = f"manifest:{manifest.pk}"
    publish("manifest.closed", subject, actor=actor, manifest=manifest.pk)
    request_document("manifest", subject, manifest.pk, title=f"Manifest {manifest}", actor=actor)
