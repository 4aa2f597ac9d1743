"""Trading partners who exchange files: who is who in them, what came, and what was sent, readable and sent again."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from unfold.admin import StackedInline
from unfold.decorators import action

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.dialogs import actor, attempt, back, question
from oms.lib.errors import DomainError, Invalid
from orders.admin.links import order_link
from orders.models import EdiDocument, EdiInterchange, EdiPartner
from orders.models.channel_document import why_empty
from orders.services.edi_folders import check_folder
from orders.services.send_edi import encoded, send_again
from orders.services.take_up_files import DONE, REFUSED, settle

MOST_LISTED = 10
X12_LENGTHS = {"our_id": 15, "their_id": 15, "our_qualifier": 2, "their_qualifier": 2}


class PartnerForm(forms.ModelForm):
    class Meta:
        model = EdiPartner
        fields = [
            "syntax",
            "our_qualifier",
            "our_id",
            "their_qualifier",
            "their_id",
            "vendor_number",
            "inbox",
            "outbox",
            "is_test",
            "first_number",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.sent.exists():
            self.fields["first_number"].disabled = True
            self.fields["first_number"].help_text = "Files were sent: their numbers go on without a gap."

    def clean_inbox(self):
        return self._folder("inbox")

    def clean_outbox(self):
        return self._folder("outbox")

    def clean(self):
        cleaned = super().clean()
        if str(cleaned.get("syntax", "")).startswith("00"):
            for name, most in X12_LENGTHS.items():
                if len(cleaned.get(name, "")) > most:
                    self.add_error(name, f"X12 has room for {most} characters here.")
        if cleaned.get("our_id") and cleaned.get("our_id") == cleaned.get("their_id"):
            self.add_error("their_id", "This is our own id: give the partner's.")
        self._check_folders(cleaned.get("inbox"), cleaned.get("outbox"))
        return cleaned

    def save(self, commit=True):
        if "first_number" in self.changed_data or not self.instance.pk:
            self.instance.next_number = self.instance.first_number
        return super().save(commit)

    def _folder(self, field):
        try:
            return check_folder(self.cleaned_data[field], field=field)
        except Invalid as error:
            raise ValidationError(error.message) from None

    def _check_folders(self, inbox, outbox):
        """Refuse folders of which one is another's: what we send would come in again."""
        others = EdiPartner.objects.exclude(pk=self.instance.pk)
        if inbox and inbox == outbox:
            self.add_error("outbox", "The inbox is another folder: what we send would be taken up again.")
        elif inbox and others.filter(outbox=inbox).exists():
            self.add_error("inbox", "Another partner's files are sent there.")
        elif outbox and others.filter(inbox=outbox).exists():
            self.add_error("outbox", "Another partner's files come in there.")


class PartnerInline(StackedInline):
    model, form, extra, max_num, can_delete = EdiPartner, PartnerForm, 1, 1, False
    readonly_fields = ["looked_at", "error", "files_in", "files_out", "labels"]
    fieldsets = [
        (None, {"fields": ["syntax", ("our_qualifier", "our_id"), ("their_qualifier", "their_id"), "vendor_number"]}),
        ("Files", {"fields": [("inbox", "outbox"), ("is_test", "first_number"), "looked_at", "error", "labels"]}),
        ("Last files", {"fields": ["files_in", "files_out"]}),
    ]

    @admin.display(description="Came in")
    def files_in(self, partner):
        return _listed(partner.received.all(), "ediinterchange", "received_at") if partner.pk else "–"

    @admin.display(description="Sent")
    def files_out(self, partner):
        return _listed(partner.sent.defer("body"), "edidocument", "created_at") if partner.pk else "–"

    @admin.display(description="SSCC")
    def labels(self, partner):
        prefix = settings.GS1_PREFIX
        return f"on labels and in 856, of company prefix {prefix}" if prefix else "none: set GS1_PREFIX"


@admin.register(EdiInterchange)
class EdiInterchangeAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["received_at", "partner", "number", "file_name", "state", "reason", "transactions"]
    list_filter = ["status", "partner"]
    list_select_related = ["partner"]
    search_fields = ["number__exact", "file_name__istartswith"]
    search_help_text = "Control number, or begin of a file's name"
    fields = ["partner", "number", "file_name", "state", "reason", "transactions", "inbox", "received_at", "moved_at"]
    fields += ["folder"]
    readonly_fields = fields
    actions = ["settle_selected"]
    actions_detail = ["settle_one"]

    @admin.display(description="State", ordering="status")
    def state(self, row):
        return state_badge(row, "status")

    @admin.display(description="Lies in")
    def folder(self, row):
        return f"{row.partner.inbox}/{DONE if row.document_id else REFUSED}" if row.moved_at else row.partner.inbox

    def has_settle_permission(self, request, object_id=None):
        """Of one, only of what was refused."""
        is_refused = object_id is None or EdiInterchange.objects.refused().filter(pk=object_id).exists()
        return is_refused and request.user.has_perm("orders.change_edidocument")

    @admin.action(description="Seen to", permissions=["settle"])
    def settle_selected(self, request, queryset):
        self.message_user(request, f"{settle(queryset)} wait for nobody any more.", messages.SUCCESS)

    @action(
        description="Seen to",
        permissions=["settle"],
        dialog=question(
            "Is it seen to?", "The partner knows why it was not taken: it waits for nobody.", submit="It is"
        ),
    )
    def settle_one(self, request, form, object_id):
        attempt(
            self, request, settle, EdiInterchange.objects.filter(pk=object_id), done="It waits for nobody any more."
        )
        return back(request, reverse("admin:orders_ediinterchange_change", args=[object_id]))

    @admin.display(description="Its documents")
    def inbox(self, row):
        if row.document_id is None:
            return "–"
        address = reverse("admin:orders_channeldocument_changelist")
        return format_html('<a href="{}?q={}">In the channel inbox</a>', address, row.document.delivery_id)


@admin.register(EdiDocument)
class EdiDocumentAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["created_at", "partner", "kind", "number", "order_number", "is_test", "written_at", "times_written"]
    list_filter = ["kind", "partner", "is_test"]
    list_select_related = ["partner", "order"]
    search_fields = ["order__external_id__exact", "file_name__istartswith"]
    search_help_text = "The partner's order number, or begin of a file's name"
    ordering = ["-pk"]
    fields = [*list_display, "file_name", "text"]
    readonly_fields = fields
    actions_detail = ["download", "write_again"]

    @admin.display(description="Order")
    def order_number(self, document):
        return order_link(document.order) if document.order else "–"

    @admin.display(description="Text")
    def text(self, document):
        if document.emptied_at:
            return f"It is not kept any more: {why_empty(document.emptied_at)}"
        return format_html('<pre class="oms-scroll">{}</pre>', document.body)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body")

    def has_send_permission(self, request, object_id=None):
        return request.user.has_perm("orders.change_edidocument")

    @action(description="Download", permissions=["view"])
    def download(self, request, object_id):
        document = get_object_or_404(EdiDocument, pk=object_id)
        try:
            body = encoded(document)
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
            return back(request, reverse("admin:orders_edidocument_change", args=[object_id]))
        headers = {"Content-Disposition": f'attachment; filename="{document.file_name}"'}
        return HttpResponse(body, content_type="application/edi-x12", headers=headers)

    @action(
        description="Send again",
        permissions=["send"],
        dialog=question(
            "Send it again?", "The same file, with the number it had, is put into the outbox.", submit="Send"
        ),
    )
    def write_again(self, request, form, object_id):
        attempt(self, request, send_again, int(object_id), actor=actor(request), done="It is written in a moment.")
        return back(request, reverse("admin:orders_edidocument_change", args=[object_id]))


def _listed(rows, model, moment):
    """Return the last files as links, one a line; refused ones with the reason."""
    name = f"admin:orders_{model}_change"
    found = [
        (
            reverse(name, args=[row.pk]),
            f"{localtime(getattr(row, moment)):%Y-%m-%d %H:%M}",
            row,
            row.file_name,
            getattr(row, "reason", ""),
        )
        for row in rows[:MOST_LISTED]
    ]
    return format_html_join("", '<p><a href="{}">{} {} {}</a> {}</p>', found) or "None yet."
