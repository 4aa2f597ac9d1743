from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone, translation

from oms.lib.commands import command
from oms.lib.plugins import named
from oms.lib.text import clean
from oms.outbox.publish import publish
from oms.papers.models import Document
from oms.subscribers import DOCUMENTS


def make_document(document):
    """Render `document`, store its file and return its row, now READY; one that is ready is left alone.

    Needs no transaction. When two make it at once, the second throws its file away. An error is noted
    on the row and raised.
    """
    if document.status == Document.Status.READY:
        return document
    try:
        pdf = render(document)
    except Exception as error:
        text = clean(f"{type(error).__name__}: {error}")[:1000]
        _unready(document).update(status=Document.Status.FAILED, last_error=text)
        raise
    _store(document, pdf)
    document.refresh_from_db()
    return document


def render(document, *, reprint=0):
    """Return the `Pdf` of `document` in its language, unstored; a `reprint` above 0 is marked on it."""
    function = named(DOCUMENTS[document.kind])
    with translation.override(document.language):
        return function(document.object_id, reprint=reprint) if reprint else function(document.object_id)


def _unready(document):
    return Document.objects.filter(pk=document.pk).exclude(status=Document.Status.READY)


def _store(document, pdf):
    storage = document.file.storage
    name = storage.save(document.file.field.generate_filename(document, "new.pdf"), ContentFile(pdf.content))
    if not _note(document, name, title=pdf.title[:200], digest=sha256(pdf.content).hexdigest()):
        storage.delete(name)


@command
def _note(document, name, *, title, digest):
    """Record the file and tell of it, `document.made`; False when somebody else made the document first."""
    ready = {"status": Document.Status.READY, "ready_at": timezone.now(), "last_error": ""}
    if not _unready(document).update(file=name, title=title, sha256=digest, **ready):
        return False
    made = {"document": document.pk, "kind": document.kind, "object": document.object_id, "sha256": digest}
    publish("document.made", document.subject, actor="system", **made)
    return True
