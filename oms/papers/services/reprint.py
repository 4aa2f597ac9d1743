from django.db.models import F

from oms.lib.commands import command
from oms.outbox.publish import publish
from oms.papers.models import Document
from oms.papers.services.make_document import render


def reprint(document, *, actor=""):
    """Return PDF bytes of `document` marked as reprint n, counted and noted; the stored file stays as it is."""
    return render(document, reprint=count_reprint(document, actor=actor)).content


@command
def count_reprint(document, *, actor=""):
    """Return the number of the next reprint of `document`, which nobody else gets."""
    Document.objects.filter(pk=document.pk).update(reprints=F("reprints") + 1)
    document.refresh_from_db(fields=["reprints"])
    publish("document.reprinted", document.subject, actor=actor, document=document.pk, copy=document.reprints)
    return document.reprints
