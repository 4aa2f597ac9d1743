from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminEmailInputWidget

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.dialogs import actor, attempt, back, question
from oms.papers.models import Document, Message
from oms.papers.services.read_document import read_document
from oms.papers.services.reprint import reprint
from oms.papers.services.resend_message import resend_message
from oms.papers.services.stop_message import stop_message
from oms.papers.services.write_message import address_now, preview_message
from oms.subscribers import DOCUMENTS, EMAILS

COLOURS = {
    "queued": "info",
    "sending": "info",
    "ready": "success",
    "sent": "success",
    "stopped": "warning",
    "suppressed": "warning",
    "failed": "danger",
}


class Kind(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"
    wiring = DOCUMENTS

    def lookups(self, request, model_admin):
        return [(kind, kind.replace("_", " ")) for kind in sorted(self.wiring)]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class EmailKind(Kind):
    wiring = EMAILS


class NewAddress(BaseDialogForm):
    to = forms.EmailField(label="To", widget=UnfoldAdminEmailInputWidget, max_length=320)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].initial = address_now(get_object_or_404(Message, pk=self.object_id))


class PaperAdmin(ReadOnly, ConsoleAdmin):
    """What both have: their kind in words, and a coloured status."""

    ordering = ["-pk"]
    readonly_fields = ["show_kind"]

    @display(description="kind")
    def show_kind(self, paper):
        return paper.kind.replace("_", " ")

    @display(description="status", label=COLOURS)
    def show_status(self, paper):
        return paper.status


@admin.register(Document)
class DocumentAdmin(PaperAdmin):
    list_display = ["title", "show_kind", "subject", "show_status", "revision", "reprints", "created_at"]
    list_filter = [Kind, "status"]
    search_fields = ["subject__exact"]
    search_help_text = "A subject: order:7"
    actions_detail = ["download", "reprint_one"]
    fields = ["title", "show_kind", "subject", "status", "revision", "reprints", "language"]
    fields += ["created_at", "ready_at", "last_error", "sha256"]

    @action(description="Open PDF", permissions=["view"], attrs={"target": "_blank"})
    def download(self, request, object_id):
        document = get_object_or_404(Document, pk=object_id)
        return shown(read_document(document), document)

    def has_reprint_permission(self, request, object_id=None):
        return request.user.has_perm("papers.change_document")

    @action(
        description="Reprint",
        permissions=["reprint"],
        dialog=question(
            "Print it again?", "The copy is counted and marked REPRINT; it opens in this window.", submit="Reprint"
        ),
    )
    def reprint_one(self, request, form, object_id):
        document = get_object_or_404(Document, pk=object_id)
        content = attempt(self, request, reprint, document, actor=actor(request), done="Reprinted.")
        page = reverse("admin:papers_document_change", args=[object_id])
        if content is None or request.headers.get("HX-Request"):
            return back(request, page)
        return shown(content, document)


def shown(content, document):
    """Return a response that shows the bytes of a document in the browser."""
    disposition = {"Content-Disposition": f'inline; filename="{document.filename}"'}
    return HttpResponse(content, content_type=document.media_type, headers=disposition)


@admin.register(Message)
class MessageAdmin(PaperAdmin):
    list_display = ["__str__", "show_kind", "subject", "to", "show_status", "not_before", "sent_at"]
    list_filter = [EmailKind, "status"]
    search_fields = ["subject__exact", "to__iexact"]
    search_help_text = "A subject (order:7) or an e-mail address"
    fields = ["show_kind", "subject", "status", "to", "subject_line", "show_text", "attachments"]
    fields += ["created_at", "not_before", "sent_at", "last_error", "sender_name", "reply_to", "language", "resend_of"]
    readonly_fields = [*PaperAdmin.readonly_fields, "show_text"]
    actions_detail = ["preview", "stop", "resend"]

    @display(description="text")
    def show_text(self, message):
        if not message.text:
            return "It is written when it goes out: Preview shows it as it would be now."
        return format_html('<pre class="oms-scroll">{}</pre>', message.text)

    def has_send_permission(self, request, object_id=None):
        return request.user.has_perm("papers.change_message")

    @action(description="Preview", permissions=["view"])
    def preview(self, request, object_id):
        message = get_object_or_404(Message, pk=object_id)
        context = self.admin_site.each_context(request) | {
            "title": str(message),
            "message": message,
            "mail": preview_message(message),
            "documents": message.attachments.order_by("pk"),
        }
        return TemplateResponse(request, "papers/admin/preview.html", context)

    @action(
        description="Stop",
        permissions=["send"],
        dialog=question("Stop this e-mail?", "It will not go out. It can be sent later by Send again.", submit="Stop"),
    )
    def stop(self, request, form, object_id):
        message = get_object_or_404(Message, pk=object_id)
        attempt(self, request, stop_message, message, actor=actor(request), done="Stopped.")
        return back(request, reverse("admin:papers_message_change", args=[object_id]))

    @action(
        description="Send again",
        permissions=["send"],
        dialog=question(
            "Send it again?",
            "It goes out at once: in the words it had, or written afresh for another address.",
            submit="Send",
            form=NewAddress,
        ),
    )
    def resend(self, request, form, object_id):
        message = get_object_or_404(Message, pk=object_id)
        again = attempt(
            self,
            request,
            resend_message,
            message,
            to=form.cleaned_data["to"],
            actor=actor(request),
            done="It will go out in a moment.",
        )
        shown = again or message
        return back(request, reverse("admin:papers_message_change", args=[shown.pk]))
