"""The documents and e-mails of an order, newest first."""

from oms.papers.models import Document, Message

MOST_SHOWN = 30


def papers(order, user):
    documents = list(Document.objects.of(order.subject)[:MOST_SHOWN])
    messages = list(Message.objects.of(order.subject)[:MOST_SHOWN])
    context = {"documents": documents, "messages": messages, "may_send": user.has_perm("papers.add_message")}
    return {"title": "Documents and e-mails", "template": "orders/console/panels/papers.html", "context": context}
