"""Asking carriers for their own manifests of what was handed over, which never holds a parcel back.

A task asks, and may run twice or die in the middle: the row is committed before its carrier is asked, and where that
may have heard the question before, the answer is looked for first. What it refuses is kept until somebody asks again.
"""

from django.conf import settings
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Load, Manifests
from fulfilment.models import CarrierManifest, Label, Manifest
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.lib.plugins import load
from oms.lib.text import one_line
from oms.outbox.publish import publish
from oms.papers.services.keep_document import drop_file, keep_document, keep_file

Status = CarrierManifest.Status
KIND = "carrier_manifest"


def plan(manifest):
    """Note which manifests the carrier of a locked Manifest is to make when that closes: one for each account."""
    services = {}
    for account, service in Label.objects.sold(manifest).order_by("pk").values_list("account", "service"):
        services.setdefault(account, service)
    # A plug-in that was taken out of the settings holds no parcel back.
    if not services or manifest.carrier.plugin not in settings.CARRIERS:
        return
    if not isinstance(_plugin(manifest), Manifests):
        return
    CarrierManifest.objects.bulk_create(
        CarrierManifest(manifest=manifest, account=account, name=_name(service) or manifest.carrier.name)
        for account, service in services.items()
    )


def ask_all(manifest_id, *, actor):
    """Ask the carrier of a closed Manifest for its own, one for each account; those that are there are left alone.

    A refusal is kept on its row. Raises CarrierError once all were asked, where one of them was not heard.
    """
    unheard = None
    awaited = CarrierManifest.objects.filter(manifest=manifest_id, status=Status.ASKED)
    for pk in list(awaited.values_list("pk", flat=True)):
        try:
            _ask(pk, actor=actor)
        except CarrierError as error:
            unheard = error if error.retry else unheard
    if unheard:
        raise unheard


@command
def ask_again(manifest_id, *, actor):
    """Have the carrier asked once more for what it refused or did not answer. Raises InvalidTransition: nothing."""
    manifest = Manifest.objects.select_for_update(of=("self",)).get(pk=manifest_id)
    rows = list(manifest.carrier_manifests.wanted().select_for_update(of=("self",)))
    if not rows:
        raise InvalidTransition(f"There is nothing to ask for: {manifest} has what its carrier gives.")
    for row in rows:
        if row.status == Status.REFUSED:
            row.move_to(Status.ASKED)
    publish("carrier_manifest.asked", f"manifest:{manifest_id}", actor=actor, manifest=manifest_id)


def _name(service):
    """Return who brings what goes by a service "USPS.Priority"; "" where it does not say."""
    carrier, dot, _ = service.partition(".")
    return carrier if dot else ""


def _plugin(manifest):
    return load(settings.CARRIERS, manifest.carrier.plugin)


def _ask(pk, *, actor):
    row = _begin(pk)
    if row is None:
        return
    labels = tuple(row.labels.values_list("external_id", "tracking_number"))
    try:
        made = _plugin(row.manifest).manifest(Load(row.manifest.carrier.code, labels, is_again=row.attempts > 1))
    except CarrierError as error:
        _note_failure(pk, error, actor=actor)
        raise
    file = keep_file(made.content, "pdf")
    if not _keep(pk, made, file, actor=actor):
        drop_file(file[0])


@command
def _begin(pk):
    """Note that the carrier is asked now; return the CarrierManifest, or None when it is not awaited (any more)."""
    row = _lock(pk)
    if row.status != Status.ASKED:
        return None
    row.attempts, row.asked_at = row.attempts + 1, timezone.now()
    row.save(update_fields=["attempts", "asked_at"])
    return row


@command
def _note_failure(pk, error, *, actor):
    row = _lock(pk)
    if row.status != Status.ASKED:
        return
    row.error = one_line(error.message)[:300]
    row.save(update_fields=["error"])
    if not error.retry:
        row.move_to(Status.REFUSED)
        _tell(row, actor)


@command
def _keep(pk, made, file, *, actor):
    """Keep what the carrier made; False when it is there already."""
    row = _lock(pk)
    if row.status == Status.MADE:
        return False
    row.external_id, row.error = made.external_id, ""
    row.save(update_fields=["external_id", "error"])
    row.move_to(Status.MADE)
    name, digest = file
    title = f"Manifest {row.manifest} {row.name}"
    keep_document(KIND, f"manifest:{row.manifest_id}", pk, name=name, digest=digest, title=title, actor=actor)
    _tell(row, actor)
    return True


def _tell(row, actor):
    about = f"manifest:{row.manifest_id}"
    publish(f"carrier_manifest.{row.status}", about, actor=actor, manifest=row.manifest_id, carrier_manifest=row.pk)


def _lock(pk):
    rows = CarrierManifest.objects.select_related("manifest__carrier")
    return rows.select_for_update(of=("self",)).get(pk=pk)
