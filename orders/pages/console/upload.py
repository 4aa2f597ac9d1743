"""Orders from a CSV: choose a file, see what would happen, import it, read what was not taken."""

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminFileFieldWidget

from oms.lib.console import actor_of, alarm, console_page, form_page, say, show
from oms.lib.errors import DomainError
from orders.imports import upload as uploading
from orders.imports.csv_orders import COLUMNS, REQUIRED
from orders.models import Channel, OrderUpload

MAY = "orders.add_orderupload"
LAST = 20
REFRESH_S = "3"
THESE = [("history", "are history: shipped and paid elsewhere"), ("new", "are new: place them here")]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File", widget=UnfoldAdminFileFieldWidget, help_text="CSV, or a CSV packed as .gz or .xz; at most 10 MB"
    )
    channel = forms.ModelChoiceField(Channel.objects.all(), label="Channel")
    these = forms.ChoiceField(label="These orders", choices=THESE)


@console_page(MAY)
def uploads(request):
    """Show the form with what the columns mean, and the last uploads; a file that is sent is checked."""
    form = UploadForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        run=lambda cleaned: _received(request, cleaned),
        only_reads=True,
        title="Import orders",
        template="orders/console/uploads.html",
        upload_url="console:upload",
        button="Check the file",
        back_to=reverse("admin:orders_order_changelist"),
        columns=[(name, name in REQUIRED, COLUMNS[name]) for name in COLUMNS if not name.startswith("bill_")],
        last=OrderUpload.objects.select_related("channel", "uploaded_by")[:LAST],
    )


@console_page(MAY)
def upload(request, pk):
    """Show what importing the file would do, does or did; a file being imported is looked at again and again."""
    found = get_object_or_404(OrderUpload.objects.select_related("channel"), pk=pk)
    response = show(
        request, "orders/console/upload.html", title=f"Import of {found}", upload=found, figures=found.report
    )
    if found.status == OrderUpload.Status.QUEUED:
        response["Refresh"] = REFRESH_S
    return response


@console_page(MAY)
@require_POST
def start(request, pk):
    """Have the file imported."""
    return _done(request, pk, lambda: uploading.start(pk, actor=actor_of(request)), "A worker imports it now.")


@console_page(MAY)
@require_POST
def discard(request, pk):
    """Forget the file."""
    return _done(request, pk, lambda: uploading.discard(pk), "The file is deleted.")


def _received(request, cleaned):
    is_live = cleaned["these"] == "new"
    received = uploading.receive(cleaned["file"], channel=cleaned["channel"], is_live=is_live, user=request.user)
    return HttpResponseRedirect(reverse("console:upload", args=[received.pk]))


def _done(request, pk, run, text):
    get_object_or_404(OrderUpload, pk=pk)
    try:
        run()
        say(request, text)
    except DomainError as error:
        alarm(request, error)
    return HttpResponseRedirect(reverse("console:upload", args=[pk]))
