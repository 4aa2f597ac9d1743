"""Orders from spreadsheets: choose a file, say which column is what, see each bad cell, import, mend, upload again."""

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminFileFieldWidget

from oms.lib import csv
from oms.lib.console import actor_of, alarm, console_page, form_page, say, show
from oms.lib.errors import DomainError
from orders.channels.registry import SPREADSHEET
from orders.imports.sheets import receive
from orders.imports.sheets.fields import BY_NAME
from orders.imports.sheets.suggest import suggest
from orders.models import Connection, SheetMapping, SheetUpload
from orders.pages.console.sheet_form import ColumnsForm

MAY = "orders.add_sheetupload"
LAST = 20
MOST_SHOWN = 100
REFRESH_S = "2"
WHY = "Why it was not taken"
Status = SheetUpload.Status


class SheetForm(forms.Form):
    file = forms.FileField(
        label="File",
        widget=UnfoldAdminFileFieldWidget,
        help_text="CSV or Excel (.xlsx): a row of titles, below it a row for each line of an order; at most 20 MB",
    )
    connection = forms.ModelChoiceField(
        Connection.objects.filter(kind=SPREADSHEET, is_active=True).select_related("channel"),
        label="Channel",
        help_text="a connection of the kind “spreadsheet”",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        connections = list(self.fields["connection"].queryset[:2])
        self.fields["connection"].label_from_instance = lambda connection: connection.channel.name
        if len(connections) == 1:
            self.fields["connection"].initial = connections[0]


@console_page(MAY)
def sheets(request):
    """Show the form and the last files; of a file that is sent, the columns are asked next."""
    form = SheetForm(request.POST or None, request.FILES or None, initial=request.GET.dict())
    return form_page(
        request,
        form,
        run=lambda cleaned: _received(request, cleaned),
        only_reads=True,
        title="Orders from spreadsheets",
        template="orders/console/sheets.html",
        upload_url="console:sheet",
        button="Upload",
        back_to=reverse("admin:orders_order_changelist"),
        has_connections=form.fields["connection"].queryset.exists(),
        last=SheetUpload.objects.select_related("connection__channel", "uploaded_by")[:LAST],
    )


@console_page(MAY)
def sheet(request, pk):
    """Show what importing the file would do, does or did; while a worker has it, the page looks again by itself."""
    upload = _get(pk)
    if upload.status == Status.MAPPING:
        return HttpResponseRedirect(reverse("console:sheet_columns", args=[pk]))
    places = {
        upload.header.index(title): BY_NAME[name].label for name, title in upload.mapping.get("columns", {}).items()
    }
    refusals = upload.refusals.all()[:MOST_SHOWN]
    response = show(
        request,
        "orders/console/sheet.html",
        title=f"Orders from {upload}",
        upload=upload,
        figures=upload.figures,
        titles=[(title, places[at]) for at, title in enumerate(upload.header) if at in places],
        rows=[(one, *_marked(one, places)) for one in refusals],
        is_cut=upload.figures.get("refused_rows", 0) > MOST_SHOWN,
    )
    if upload.is_at_work:
        response["Refresh"] = REFRESH_S
    return response


@console_page(MAY)
def sheet_columns(request, pk):
    """Ask which column says what; what was said last for this channel, or is guessed from the titles, is chosen."""
    upload = _get(pk)
    if upload.status not in (Status.MAPPING, Status.CHECKED):
        return HttpResponseRedirect(reverse("console:sheet", args=[pk]))
    saved = SheetMapping.objects.filter(connection=upload.connection).first()
    suggested = upload.mapping or suggest(upload.header, upload.first_rows, saved)
    if not saved and "country" not in suggested["columns"]:
        suggested["constants"].setdefault("country", upload.connection.channel.seller.country)
    form = ColumnsForm(request.POST or None, upload=upload, suggested=suggested)
    return form_page(
        request,
        form,
        run=lambda cleaned: _chosen(request, pk, form),
        only_reads=True,
        title=f"Columns of {upload}",
        template="orders/console/sheet_columns.html",
        button="Check the file",
        back_to=reverse("console:sheets"),
        upload=upload,
        was_saved=saved,
    )


@console_page(MAY)
@require_POST
def start(request, pk):
    """Have the file imported."""
    return _done(request, pk, lambda: receive.start(pk, actor=actor_of(request)), "A worker imports it now.")


@console_page(MAY)
@require_POST
def discard(request, pk):
    """Forget the file."""
    return _done(request, pk, lambda: receive.discard(pk), "The file is deleted.", back_to=reverse("console:sheets"))


@console_page(MAY)
def refused(request, pk):
    """Give the refused rows as a CSV to mend: the file's own columns, and why; uploaded again, they alone are added."""
    upload = _get(pk)
    header = [title for title in upload.header if title != WHY]
    rows = upload.refusals.iterator(chunk_size=500)
    lines = ([*one.cells[: len(header)], _why(one, upload.header)] for one in rows)
    name = upload.name.rpartition(".")[0] or upload.name
    safe = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-_ "))[:60]
    return csv.download(f"refused {safe}".strip(), [*header, WHY], lines)


def _get(pk):
    return get_object_or_404(SheetUpload.objects.select_related("connection__channel__seller"), pk=pk)


def _received(request, cleaned):
    upload = receive.receive(cleaned["file"], connection=cleaned["connection"], user=request.user)
    return HttpResponseRedirect(reverse("console:sheet_columns", args=[upload.pk]))


def _chosen(request, pk, form):
    receive.choose_columns(pk, form.mapping(), actor=actor_of(request))
    return HttpResponseRedirect(reverse("console:sheet", args=[pk]))


def _marked(refusal, places):
    """Return ([(text, why it is bad or "")] of the cells that are read, what is wrong with the row as a whole)."""
    wrong = {}
    for at, reason in refusal.problems:
        wrong.setdefault(at, []).append(reason)
    cells = [(text, " ".join(wrong.get(at, []))) for at, text in enumerate(refusal.cells) if at in places]
    return cells, " ".join(wrong.get(-1, []))


def _why(refusal, header):
    return " ".join(reason if at < 0 else f"{header[at]}: {reason}" for at, reason in refusal.problems)


def _done(request, pk, run, text, *, back_to=""):
    get_object_or_404(SheetUpload, pk=pk)
    try:
        run()
        say(request, text)
    except DomainError as error:
        alarm(request, error)
        back_to = ""
    return HttpResponseRedirect(back_to or reverse("console:sheet", args=[pk]))
