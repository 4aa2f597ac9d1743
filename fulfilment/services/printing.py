"""What stations print: each copy of a document once, handed over once, and asked about when nobody knows."""

from django.utils import timezone

from fulfilment.documents.carrier_label import for_printer
from fulfilment.models import PrintJob, Station
from oms.lib.commands import command
from oms.lib.errors import Invalid, NotFound
from oms.papers.services.make_document import render
from oms.papers.services.read_document import read_document
from oms.papers.services.reprint import count_reprint

Status = PrintJob.Status
LABELS = {"shipping_label"}
AT_ONCE = 10
OUTCOMES = {"printed": Status.PRINTED, "failed": Status.FAILED, "unsure": Status.DOUBTFUL}


@command
def send(station, document, *, actor):
    """Have `document` printed at `station`; a second call does nothing. Returns its PrintJob, or None.

    None: the station, or nobody (None), has a printer for it, and it is to be opened on the screen.
    """
    kind = kind_of(document)
    if station is None or not _can_print(station, document, kind):
        return None
    defaults = {"station": station, "kind": kind, "created_by": actor}
    return PrintJob.objects.get_or_create(document=document, copy=0, defaults=defaults)[0]


@command
def send_again(station, document, *, actor):
    """Have another copy of `document` printed at `station`, marked REPRINT n; the first one when there is none yet.

    Raises Invalid when the station has no printer for it.
    """
    kind = kind_of(document)
    if not _can_print(station, document, kind):
        raise Invalid(f"{station} has no printer for this. Open it on the screen, or choose another station.")
    if not document.reprints and not PrintJob.objects.filter(document=document).exists():
        return send(station, document, actor=actor)
    copy = count_reprint(document, actor=actor)
    return PrintJob.objects.create(station=station, document=document, kind=kind, copy=copy, created_by=actor)


@command
def take(station):
    """Hand the agent of `station` what waits for it, oldest first; from now on the jobs are with the printer."""
    Station.objects.filter(pk=station.pk).update(seen_at=timezone.now())
    rows = station.jobs.waiting().select_related("document").order_by("pk")
    jobs = list(rows.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for job in jobs:
        job.move_to(Status.SENT)
    return jobs


def content_of(job):
    """Return (bytes to print, "pdf" or "zpl") of a job: the stored document, or for a reprint one that says so."""
    content = render(job.document, reprint=job.copy).content if job.copy else read_document(job.document)
    printer = job.station.label_printer if job.kind == PrintJob.Kind.LABEL else "pdf"
    return for_printer(content, job.document.form, printer), printer


@command
def settle(station, job_id, outcome, error=""):
    """Note what the agent says of a job: "printed", "failed" (nothing came out) or "unsure".

    What was settled before stays, so that it may say it twice. Raises NotFound, and Invalid for another outcome.
    """
    if outcome not in OUTCOMES:
        raise Invalid(f"One of {', '.join(OUTCOMES)}.", field="outcome")
    job = station.jobs.select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise NotFound("This station has no such job.")
    if job.status == Status.SENT or (job.status == Status.DOUBTFUL and outcome == "printed"):
        job.move_to(OUTCOMES[outcome], error)
    return job


@command
def came_out(job_id, *, yes, actor):
    """A person says whether a print came out; when it did not, a copy that is marked goes after it.

    One that surely was not printed (FAILED) is sent as it is. Returns the job that stands now.
    """
    job = PrintJob.objects.select_for_update(of=("self",)).select_related("station", "document").get(pk=job_id)
    if yes:
        job.move_to(Status.PRINTED)
        return job
    if job.status == Status.FAILED:
        job.move_to(Status.QUEUED)
        return job
    job.move_to(Status.LOST)
    return send_again(job.station, job.document, actor=actor)


@command
def drop(job_id):
    """Nobody wants this print any more."""
    PrintJob.objects.select_for_update(of=("self",)).get(pk=job_id).move_to(Status.LOST)


@command
def note_weight(station, grams):
    """Note what lies on the scale of `station`, in grams; raises Invalid for what no scale says."""
    if not 0 <= grams <= 1_000_000:
        raise Invalid("Grams, up to a tonne.", field="grams")
    Station.objects.filter(pk=station.pk).update(weight_g=grams, weighed_at=timezone.now(), seen_at=timezone.now())


@command
def new_key(station_id):
    """End the key of a station's agent and return the new one."""
    station = Station.objects.select_for_update().get(pk=station_id)
    station.key_number += 1
    station.save(update_fields=["key_number"])
    return station.key


def _can_print(station, document, kind):
    """Whether a station has a printer that takes the document; ZPL is for printers that speak it alone."""
    return station.prints(kind) and (document.form != "zpl" or station.label_printer == Station.LabelPrinter.ZPL)


def kind_of(document):
    """Return which printer a document wants, a PrintJob.Kind."""
    return PrintJob.Kind.LABEL if document.kind in LABELS else PrintJob.Kind.PAPER
