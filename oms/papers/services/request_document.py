from oms.lib.commands import command
from oms.outbox.publish import publish
from oms.papers.models import Document


@command
def request_document(kind, subject, object_id, *, title, language="en", new_revision=False, actor=""):
    """Have the document `kind` of an object made soon, and return its row.

    A second call returns the first row, and one that failed is tried again; `new_revision` asks for a
    new one beside the old. The caller holds the lock of the object, or two revisions could collide.
    """
    latest = Document.objects.latest_of(kind, object_id)
    if latest and not new_revision:
        return _again(latest, actor) if latest.status == Document.Status.FAILED else latest
    fields = {"subject": subject, "title": title, "language": language}
    revision = latest.revision + 1 if latest else 1
    document, created = Document.objects.get_or_create(
        kind=kind, object_id=object_id, revision=revision, defaults=fields
    )
    if created:
        _publish(document, actor)
    return document


def _again(document, actor):
    document.status = Document.Status.QUEUED
    document.save(update_fields=["status"])
    _publish(document, actor)
    return document


def _publish(document, actor):
    publish("document.requested", document.subject, actor=actor, document=document.pk, kind=document.kind)
