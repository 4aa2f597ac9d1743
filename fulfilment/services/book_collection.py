"""A carrier's driver is booked: one booking and one charge, whoever dies or gives up in between.

As with labels the row is committed before its carrier is asked, and the carrier's id of it before anything is booked:
only a row that is still waited for is booked, once, however often it is asked for. Carriers that are not asked over the
network are noted, by whoever arranged it.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Collection, Collects
from fulfilment.models import CarrierCollection, Label, Parcel
from fulfilment.services.wave_clock import is_working_day
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import load
from oms.lib.text import check_text, one_line
from oms.outbox.publish import publish

Status = CarrierCollection.Status
AFTERNOON = time(15, 0)  # where a location has no cut-off
LAST_MINUTE = time(23, 59)
WINDOW = timedelta(hours=2)  # what carriers want at least
HALF_HOUR_S = 1800
LATEST = timedelta(days=30)
STILL_HERE = (Parcel.Status.PACKED, Parcel.Status.SHIPPED)


def window(location, now):
    """Return (from, until), aware, in which a driver had best come next: from the cut-off on, on a working day."""
    zone = ZoneInfo(location.tz)
    soon = now + timedelta(seconds=HALF_HOUR_S - now.timestamp() % HALF_HOUR_S)
    day = now.astimezone(zone).date()
    while True:
        usual = datetime.combine(day, location.cutoff or AFTERNOON, zone)
        if now < usual + WINDOW and is_working_day(location, usual):
            starts = max(usual, soon.astimezone(zone))
            return starts, min(starts + WINDOW, datetime.combine(day, LAST_MINUTE, zone))
        day += timedelta(days=1)


def waiting(location, carrier):
    """Return (parcels, grams) that stand at `location` for `carrier`: shipped, and not handed over."""
    rows = Parcel.objects.to_hand_over().filter(fulfilment_order__location=location, carrier=carrier)
    found = rows.aggregate(n=Count("pk"), g=Sum("weight_g"))
    return found["n"], found["g"] or 0


def is_asked(carrier):
    """Whether a Carrier's driver is booked over the network."""
    return isinstance(_plugin(carrier), Collects)


@command
def book(location, carrier, *, starts_at, ends_at, parcels, weight_g, instructions="", confirmation="", actor):
    """Have the driver of `carrier` come to `location` within these aware moments; returns the CarrierCollection.

    With a `confirmation`, or where nobody can be asked over the network, it is noted as what somebody arranged. Raises
    Invalid, naming the field; so for a second one of a carrier, location and day.
    """
    day = starts_at.astimezone(ZoneInfo(location.tz)).date()
    _check_window(starts_at, ends_at, timezone.now())
    number = check_text(confirmation, max_length=60, field="confirmation")
    is_noted = bool(number) or not is_asked(carrier)
    row = CarrierCollection(
        location=location,
        carrier=carrier,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        parcels=parcels,
        weight_g=weight_g,
        instructions=check_text(instructions, max_length=150, field="instructions"),
        confirmation=number,
        is_noted=is_noted,
        status=Status.BOOKED if is_noted else Status.ASKED,
        booked_at=timezone.now() if is_noted else None,
        created_by=actor,
    )
    # Of two at once the database takes one.
    CarrierCollection.objects.bulk_create([row], ignore_conflicts=True)
    found = CarrierCollection.objects.filter(reference=row.reference).select_related("carrier").first()
    if found is None:
        raise Invalid(f"{carrier} is booked for that day already: cancel it first.", field="day")
    tell(found, actor)
    return found


def ask(collection_id, *, actor):
    """Ask the carrier for a pickup that is awaited, and note what it says; of any other there is nothing to ask.

    What its carrier refuses is REFUSED. After anything else it stays ASKED and is asked for again: raises CarrierError.
    """
    row = begin(collection_id, Status.ASKED, actor=actor)
    if row is None:
        return
    plugin, wish = outside(row)
    try:
        external_id = row.external_id or _announced(row.pk, plugin.announce_collection(wish))
        if not external_id:
            return
        booked = plugin.collect(replace(wish, external_id=external_id))
    except CarrierError as error:
        _note_failure(collection_id, error, actor=actor)
        if error.retry:
            raise
        return
    _keep(collection_id, booked, actor=actor)


@command
def ask_again(collection_id, *, actor):
    """Have the carrier asked once more for what it did not answer. Raises InvalidTransition: nothing is awaited."""
    row = lock(collection_id)
    if row.status not in CarrierCollection.OPEN:
        raise InvalidTransition(f"The {row} is {row.state}: there is nothing to ask.")
    tell(row, actor)


def lock(collection_id):
    """Return a CarrierCollection, locked."""
    rows = CarrierCollection.objects.select_related("carrier", "location")
    return rows.select_for_update(of=("self",)).get(pk=collection_id)


def tell(row, actor):
    """Publish the status of a CarrierCollection: who asks carriers hears it."""
    publish(f"carrier_collection.{row.status}", f"collection:{row.pk}", actor=actor, collection=row.pk)


@command
def begin(collection_id, status, *, actor):
    """Note that the carrier is asked now; return the row, or None when it is not `status`, or its time is over."""
    row, now = lock(collection_id), timezone.now()
    if row.status != status:
        return None
    if status == Status.ASKED:
        if row.ends_at <= now:
            _refuse(row, f"{row.carrier} had not answered when the time was over.", actor)
            return None
        row.asked_at = now
    row.attempts += 1
    row.save(update_fields=["attempts", "asked_at"])
    return row


def outside(row):
    """Return (the plug-in, the Collection) of a row."""
    here = Label.objects.filter(
        carrier=row.carrier,
        status=Label.Status.BOUGHT,
        parcel__status__in=STILL_HERE,
        parcel__fulfilment_order__location=row.location,
    )
    zone = ZoneInfo(row.location.tz)
    wish = Collection(
        reference=row.reference,
        carrier=row.carrier.code,
        address=row.location.address,
        starts_at=row.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        parcels=row.parcels,
        weight_g=row.weight_g,
        instructions=row.instructions,
        shipment=here.order_by("-pk").values_list("external_id", flat=True).first() or "",
        external_id=row.external_id,
    )
    return _plugin(row.carrier), wish


def _plugin(carrier):
    return load(settings.CARRIERS, carrier.plugin)


def _check_window(starts_at, ends_at, now):
    if ends_at <= starts_at:
        raise Invalid("It ends before it begins.", field="until")
    if ends_at - starts_at > timedelta(days=1):
        raise Invalid("It is within one day.", field="until")
    if ends_at <= now:
        raise Invalid("That is over.", field="until")
    if starts_at > now + LATEST:
        raise Invalid(f"Not more than {LATEST.days} days ahead.", field="day")


@command
def _announced(collection_id, external_id):
    """Write down what is to be booked, and return it; "" when it is not wanted any more.

    Of two that were announced at once the first that is written down is booked, by both.
    """
    row = lock(collection_id)
    if row.status != Status.ASKED:
        return ""
    if not row.external_id:
        row.external_id = external_id
        row.save(update_fields=["external_id"])
    return row.external_id


@command
def _note_failure(collection_id, error, *, actor):
    """Keep why nothing was booked. What may have been booked by an earlier question is cancelled after a refusal."""
    row = lock(collection_id)
    if row.status != Status.ASKED:
        return
    row.error = one_line(error.message)[:300]
    row.save(update_fields=["error"])
    if error.retry:
        return
    if row.attempts == 1 or not row.external_id:
        _refuse(row, row.error, actor)
    else:
        row.move_to(Status.CANCELLING)
        tell(row, actor)


def _refuse(row, error, actor):
    row.error = error
    row.save(update_fields=["error"])
    row.move_to(Status.REFUSED)
    tell(row, actor)


@command
def _keep(collection_id, booked, *, actor):
    """Note what was booked; one that is not wanted any more is cancelled by who cancels it."""
    row = lock(collection_id)
    if row.booked_at:
        return
    row.confirmation, row.service, row.error = booked.confirmation, booked.service, ""
    row.amount, row.currency, row.booked_at = booked.amount, booked.currency, timezone.now()
    row.save(update_fields=["confirmation", "service", "error", "amount", "currency", "booked_at"])
    if row.status == Status.ASKED:
        row.move_to(Status.BOOKED)
        tell(row, actor)
