"""Putting a hold on an order that the caller has locked, and lifting it; the caller refreshes its states."""

from django.utils import timezone

from orders.models import Hold


def place_on(order, kind, reason, *, owner=None, until=None, actor="system"):
    """Put a hold on a locked order; the caller refreshes its states."""
    active = Hold.objects.active().filter(order=order, kind=kind).first()
    if active and kind != Hold.Kind.MANUAL:
        return active
    hold = Hold.objects.create(order=order, kind=kind, reason=reason[:300], owner=owner, until=until, placed_by=actor)
    order.publish("order.held", actor=actor, hold=hold.pk, kind=kind)
    return hold


def lift_from(order, hold, *, note, actor):
    """Lift an active hold of a locked order; the caller refreshes its states, and confirms it if it can be."""
    hold.released_at, hold.released_by, hold.release_note = timezone.now(), actor, note[:300]
    hold.save(update_fields=["released_at", "released_by", "release_note"])
    order.publish("order.released", actor=actor, hold=hold.pk, kind=hold.kind)
