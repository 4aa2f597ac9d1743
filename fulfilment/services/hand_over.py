"""Handing parcels to the carrier: the manifest closes, and nothing on it is unshipped any more."""

from fulfilment.models import Manifest, Parcel
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.outbox.publish import publish
from orders.models import Order

MOST_PARCELS = 500


@command
def hand_over(location, parcel_ids, *, carrier=None, actor):
    """Put shipped parcels of `location` on a new Manifest; return (it, {parcel: why it stays here}).

    Held orders are left out: this is the last moment to stop them. Parcels that were handed over before
    are left out too; when none remains InvalidTransition is raised, so a second call makes no second
    manifest.
    """
    parcels, orders, kept = _claim(location, parcel_ids)
    if not parcels:
        raise InvalidTransition("Nothing to hand over: " + ("; ".join(kept.values()) or "choose parcels."))
    manifest = Manifest.objects.create(location=location, carrier=carrier, handed_over_by=actor)
    for parcel in parcels:
        parcel.manifest = manifest
        parcel.save(update_fields=["manifest"])
        parcel.move_to(Parcel.Status.HANDED_OVER)
    for order in orders:
        gone = [parcel.pk for parcel in parcels if parcel.order_id == order.pk]
        if gone:
            order.publish("order.handed_over", actor=actor, manifest=manifest.pk, parcels=gone)
    publish("manifest.closed", f"manifest:{manifest.pk}", actor=actor, manifest=manifest.pk)
    return manifest, kept


def _claim(location, parcel_ids):
    """Lock the orders of the parcels, then the parcels; return (those that may go, orders, {parcel: reason})."""
    chosen = Parcel.objects.filter(pk__in=list(parcel_ids)[:MOST_PARCELS], fulfilment_order__location=location)
    order_ids = sorted(set(chosen.values_list("order_id", flat=True)))
    orders = [Order.objects.lock(pk) for pk in order_ids]
    held = {order.pk for order in orders if order.is_held}
    rows = chosen.select_related("carrier").order_by("pk").select_for_update(of=("self",))
    parcels, kept = [], {}
    for parcel in rows:
        if parcel.order_id in held:
            kept[parcel] = f"{parcel} stays: its order is on hold"
        elif parcel.status != Parcel.Status.SHIPPED:
            kept[parcel] = f"{parcel} is {parcel.state}"
        else:
            parcels.append(parcel)
    return parcels, orders, kept
