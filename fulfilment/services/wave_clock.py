"""Waves that nobody presses: by the clock of their location on its working days, or when enough orders are ready."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from fulfilment.models import WavePreset
from fulfilment.services import wave
from fulfilment.services.choose_wave import ready
from inventory.models import LocationHoliday
from oms.lib.commands import command
from oms.lib.errors import DomainError, InvalidTransition

logger = logging.getLogger(__name__)

ACTOR = "system"
GRACE = timedelta(hours=1)  # a worker that was down releases no morning's wave in the evening
SATURDAY = 5
SLOT = "%Y-%m-%dT%H:%M"


def release_due(now=None):
    """Release the wave of each automatic preset whose time has come, or that has orders enough; returns how many.

    Each time of the day is used once, whoever runs it and however often; one at which nothing was ready is over.
    """
    now = now or timezone.now()
    released = 0
    for preset in WavePreset.objects.automatic().select_related("location").order_by("pk"):
        if not is_working_day(preset.location, now):
            continue
        slot = slot_of(preset, now)
        is_timed = bool(slot) and take_slot(preset.pk, slot)
        if is_timed or (preset.when_ready and ready(preset, now).count() >= preset.when_ready):
            released += _release(preset, slot if is_timed else "", now)
    return released


def slot_of(preset, now):
    """Return the latest time of the preset that has come within the last hour, as local text; "" when none has."""
    zone = ZoneInfo(preset.location.tz)
    day = now.astimezone(zone).date()
    moments = [datetime.combine(day, at, zone) for at in preset.clock]
    due = [moment for moment in moments if now - GRACE < moment <= now]
    return due[-1].strftime(SLOT) if due else ""


def is_working_day(location, now):
    """Whether people work at a location today, by its own calendar: no weekend, no holiday."""
    day = now.astimezone(ZoneInfo(location.tz)).date()
    return day.weekday() < SATURDAY and not LocationHoliday.objects.filter(location=location, day=day).exists()


@command
def take_slot(preset_id, slot):
    """Take a time of the day for a preset; False when it was taken already."""
    row = WavePreset.objects.lock(preset_id)
    if row.last_slot == slot:
        return False
    row.last_slot = slot
    row.save(update_fields=["last_slot"])
    return True


def _release(preset, slot, now):
    """Preview and release; the workers make the lists, so that no preset waits for another's."""
    try:
        planned = wave.preview(preset, slot=slot, now=now, actor=ACTOR)
        wave.begin(planned.pk, actor=ACTOR)
    except InvalidTransition:
        return 0
    except DomainError as error:
        logger.warning("The wave of %s is not released: %s", preset, error.message)
        return 0
    return 1
