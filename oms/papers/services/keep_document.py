from hashlib import sha256

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import timezone

from oms.lib.commands import command
from oms.outbox.publish import publish
from oms.papers.models import Document


def keep_file(content, form):
    """Store bytes that somebody else made, unchanged, and return (name, SHA-256) of the file; needs no transaction.

    `form` is one of Document.FORMS. Whoever does not keep a document of it drops the file again.
    """
    field = Document._meta.get_field("file")
    name = field.storage.save(field.generate_filename(None, f"new.{form}"), ContentFile(content))
    return name, sha256(content).hexdigest()


def drop_file(name):
    """Forget a file that `keep_file` stored and no document holds."""
    Document._meta.get_field("file").storage.delete(name)


@command
def keep_document(kind, subject, object_id, *, name, digest, title, actor=""):
    """Make a stored file the newest revision of the document `kind` of an object; the object's lock is held."""
    revisions = Document.objects.filter(kind=kind, object_id=object_id)
    document = Document.objects.create(
        kind=kind,
        subject=subject,
        object_id=object_id,
        revision=(revisions.aggregate(n=Max("revision"))["n"] or 0) + 1,
        title=title[:200],
        status=Document.Status.READY,
        file=name,
        sha256=digest,
        ready_at=timezone.now(),
    )
    made = {"document": document.pk, "kind": kind, "object": object_id, "sha256": digest}
    publish("document.made", subject, actor=actor, **made)
    return document
