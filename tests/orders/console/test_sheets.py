import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oms import roles
from orders.models import Order, SheetMapping, SheetUpload
from tests.deliver import deliver
from tests.make import make_location, make_sku, make_user
from tests.orders.channels.feed import make_connection
from tests.orders.imports.sheets.feed import CHECK, TAKE, make_sheets, row, text_of

pytestmark = pytest.mark.django_db

SHEETS = "/admin/orders/sheets/"


@pytest.fixture
def sheets():
    make_sku(90, make_location(), code="MUG")
    return make_sheets(name="Mug shop")


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


def send(client, sheets, text, name="may.csv"):
    """Send a file; returns the page that is shown then."""
    data = {"file": SimpleUploadedFile(name, text.encode()), "connection": sheets.pk}
    return client.post(SHEETS, data, follow=True)


def chosen(page, **changes):
    """Return what the form of the columns has chosen, but for `changes`."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def checked(client, sheets, *rows, **changes):
    page = send(client, sheets, text_of(*rows))
    upload = SheetUpload.objects.latest("pk")
    client.post(reverse("console:sheet_columns", args=[upload.pk]), chosen(page, **changes))
    deliver(CHECK)
    return upload, client.get(reverse("console:sheet", args=[upload.pk])).content.decode()


def test_columns_are_asked_with_what_is_guessed_and_a_worker_checks(manager, sheets):
    page = send(manager, sheets, text_of(row()))
    assert page.context["form"]["column_sku"].value() == "Artikelnummer"
    assert "Artikelnummer · MUG" in page.content.decode()
    checking = manager.post(page.request["PATH_INFO"], chosen(page), follow=True)
    assert (checking.headers["Refresh"], "Being checked" in checking.content.decode()) == ("2", True)
    assert SheetMapping.objects.get().columns["order_id"] == "Bestellnr"
    deliver(CHECK)


def test_each_bad_cell_is_marked_with_its_reason_in_words(manager, sheets):
    _, page = checked(manager, sheets, row("A1"), row("A2", pieces="two"), row("A2"))
    assert "Import 1 order " in page
    assert '<td class="oms-bad-cell">' in page
    assert page.count("&#x27;two&#x27; is no whole number of pieces.") == 1
    assert "Not taken, because of row 3 of the same order." in page
    assert not Order.objects.exists()


def test_refused_rows_are_downloaded_mended_and_alone_added(manager, sheets):
    upload, _ = checked(manager, sheets, row("A1"), row("A2", pieces="two"))
    manager.post(reverse("console:sheet_start", args=[upload.pk]))
    deliver(TAKE)
    assert "Placed</dt><dd><strong>1</strong>" in manager.get(f"{SHEETS}{upload.pk}/").content.decode()
    answer = manager.get(reverse("console:sheet_refused", args=[upload.pk]))
    text = b"".join(answer.streaming_content).decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="refused may.csv"'
    assert text.splitlines()[1].endswith(",Menge: 'two' is no whole number of pieces.")
    page = send(manager, sheets, text.replace(",two,", ",2,"), name="mended.csv")
    again = SheetUpload.objects.latest("pk")
    manager.post(page.request["PATH_INFO"], chosen(page))
    deliver(CHECK)
    manager.post(reverse("console:sheet_start", args=[again.pk]))
    deliver(TAKE)
    again.refresh_from_db()
    assert (again.figures["placed"], again.figures["refused"], Order.objects.count()) == (1, 0, 2)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("column_sku", "", "Choose its column."),
        ("column_quantity", "", "Choose its column, or say it for all."),
        ("column_city", "Menge", "is the City already"),
        ("constant_country", "Atlantis", "This is no country"),
        ("constant_currency", "USD", "This channel sells in EUR."),
        ("constant_quantity", "two", "This is no whole number of pieces."),
        ("column_country", "", "An address needs its country"),
    ],
)
def test_columns_that_make_no_sense_are_said_at_the_field(manager, sheets, field, value, said):
    page = send(manager, sheets, text_of(row()))
    answer = manager.post(page.request["PATH_INFO"], chosen(page, constant_country="") | {field: value})
    assert answer.status_code == 422
    assert any(said in error for errors in answer.context["form"].errors.values() for error in errors)
    assert SheetUpload.objects.get().status == "mapping"


def test_what_is_no_table_is_said_at_the_file(manager, sheets):
    assert "No row of titles" in send(manager, sheets, "hello").context["form"].errors["file"][0]
    assert not SheetUpload.objects.exists()


def test_without_a_channel_for_spreadsheets_the_page_says_how_to_make_one(manager):
    make_connection()
    assert "No channel takes spreadsheets yet" in manager.get(SHEETS).content.decode()


def test_the_connection_leads_to_the_upload(manager, sheets):
    change = manager.get(reverse("admin:orders_connection_change", args=[sheets.pk])).content.decode()
    assert "Upload a file" in change
    action = reverse("admin:orders_connection_upload_file", args=[sheets.pk])
    assert manager.get(action).headers["Location"] == f"{SHEETS}?connection={sheets.pk}"
    shop = make_connection()
    assert (
        "Upload a file" not in manager.get(reverse("admin:orders_connection_change", args=[shop.pk])).content.decode()
    )


def test_a_file_can_be_discarded(manager, sheets, said):
    upload, _ = checked(manager, sheets, row())
    discard = reverse("console:sheet_discard", args=[upload.pk])
    assert said(manager.post(discard, follow=True)) == ["The file is deleted."]
    assert said(manager.post(discard, follow=True)) == ["This file is Discarded already."]
    assert manager.get(reverse("console:sheet_columns", args=[upload.pk])).status_code == 302


@pytest.mark.parametrize("role", [roles.CS, roles.FINANCE, roles.READ_ONLY])
def test_only_managers_import(client, role):
    client.force_login(make_user(role))
    assert [client.get(f"{SHEETS}{page}").status_code for page in ("", "1/", "1/columns/", "1/refused/")] == [403] * 4
    assert [client.post(f"{SHEETS}1/{what}/").status_code for what in ("start", "discard")] == [403, 403]
