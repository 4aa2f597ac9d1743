from oms.outbox.consumers import sender
from oms.papers.models import Document
from oms.papers.services.make_document import make_document as make
from oms.papers.services.send_message import send_message as send


@sender
def make_document(event):
    make(Document.objects.get(pk=event.data["document"]))


@sender
def send_message(event):
    send(event.data["message"])
