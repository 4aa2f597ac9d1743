"""Asking carriers where parcels are of which nobody has told for a while: a webhook may be lost."""

import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Parcel
from fulfilment.services.follow_parcel import note
from oms.lib.errors import DomainError
from oms.lib.plugins import load

logger = logging.getLogger(__name__)

AT_ONCE = 200
LONGEST_RUN_S = 300  # then the next run of the schedule goes on
GIVEN_UP_AFTER = timedelta(days=60)


def poll_due():
    """Ask about each parcel on its way that had no news for TRACKING_SILENT_HOURS, the longest unasked first."""
    begun = monotonic()
    for parcel in due(timezone.now())[:AT_ONCE]:
        if monotonic() - begun > LONGEST_RUN_S:
            break
        poll(parcel)


def due(now):
    """Return the parcels that are to be asked about: their carrier can be, and neither it nor we spoke lately."""
    silent_since = now - timedelta(hours=settings.TRACKING_SILENT_HOURS)
    rows = Parcel.objects.on_the_way().filter(carrier__plugin__in=_asked_ones()).exclude(tracking_number="")
    rows = rows.filter(shipped_at__gt=now - GIVEN_UP_AFTER, shipped_at__lt=silent_since)
    rows = rows.filter(Q(asked_at__isnull=True) | Q(asked_at__lt=silent_since))
    return rows.exclude(tracking_events__at__gt=silent_since).select_related("carrier").order_by("asked_at", "pk")


def poll(parcel):
    """Ask about one parcel and note what is said; return whether its carrier knew it. An error is logged.

    The question is counted first, so that a parcel that cannot be read holds nobody up.
    """
    Parcel.objects.filter(pk=parcel.pk).update(asked_at=timezone.now())
    try:
        told = load(settings.CARRIERS, parcel.carrier.plugin).tracked(parcel.tracking_number, parcel.carrier.code)
        if told:
            note(parcel.pk, told, actor=f"carrier:{parcel.carrier.plugin}")
        return told is not None
    except (CarrierError, DomainError) as error:
        logger.warning("Parcel %s is not told of: %s", parcel, error.message)
        return False


def _asked_ones():
    """Return the plug-ins that are asked over the network."""
    return [alias for alias in settings.CARRIERS if not load(settings.CARRIERS, alias).is_immediate]
