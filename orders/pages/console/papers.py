"""Documents and e-mails of an order: opened, read, sent again, stopped."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from oms.lib.console import actor_of, alarm, at_once, back, console_page, show
from oms.lib.errors import DomainError
from oms.papers.models import Document, Message
from oms.papers.services.read_document import read_document
from oms.papers.services.reprint import reprint as print_again
from oms.papers.services.resend_message import resend_message
from oms.papers.services.stop_message import stop_message
from oms.papers.services.write_message import preview_message
from orders.pages.console.links import order_page


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("orders.view_order")
def document(request, pk, document_pk):
    """The PDF, made now when no worker has made it yet; a second print, which is posted, is marked and counted."""
    found = get_object_or_404(Document, pk=document_pk, subject=f"order:{pk}")
    wants_copy = request.method == "POST"
    if wants_copy and not request.user.has_perm("papers.change_document"):
        raise PermissionDenied
    try:
        content = print_again(found, actor=actor_of(request)) if wants_copy else read_document(found)
    except DomainError as error:
        alarm(request, error)
        return back(request, order_page(pk))
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = f'inline; filename="{found.filename}"'
    return response


@console_page("orders.view_order")
def message(request, pk, message_pk):
    """An e-mail as it went out, or as it would go out now."""
    found = get_object_or_404(Message, pk=message_pk, subject=f"order:{pk}")
    return show(
        request,
        "orders/console/message.html",
        title="E-mail",
        order_pk=pk,
        message=found,
        mail=preview_message(found),
        can_stop=found.status in Message.STOPPABLE,
        can_resend=found.status not in Message.WAITING,
    )


@console_page("papers.change_message")
def resend(request, pk, message_pk):
    return _do(request, pk, message_pk, resend_message, "The e-mail goes out again.")


@console_page("papers.change_message")
def stop(request, pk, message_pk):
    return _do(request, pk, message_pk, stop_message, "The e-mail is stopped: nothing was sent.")


def _do(request, pk, message_pk, run, said):
    found = get_object_or_404(Message, pk=message_pk, subject=f"order:{pk}")
    return at_once(request, lambda: run(found, actor=actor_of(request)), said=said, back_to=order_page(pk))
