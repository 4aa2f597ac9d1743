"""Spreadsheets of orders for tests, and the way of one through the channel."""

from django.core.files.uploadedfile import SimpleUploadedFile

from orders.imports.sheets import receive
from orders.imports.sheets.suggest import suggest
from orders.models import SheetMapping, SheetUpload
from tests.deliver import deliver
from tests.orders.channels.documents.lately import LATELY
from tests.orders.channels.feed import make_connection

HEADER = "Bestellnr;Datum;Artikelnummer;Menge;Einzelpreis;Versandkosten;Name;Straße;PLZ;Ort;Land;E-Mail"
ANN = "Ann Groß;Torstr. 1;10119;Berlin;DE;ann@example.com"
CHECK, TAKE = "orders.tasks.check_sheet", "orders.tasks.take_sheet"


def row(key="A1", sku="MUG", pieces="1", price="9,50", *, day=f"{LATELY:%d.%m.%Y}", shipping="4,90", who=ANN):
    return ";".join([key, day, sku, pieces, price, shipping, who])


def text_of(*rows):
    return "\n".join([HEADER, *rows, ""])


def make_sheets(**fields):
    """A connection that takes spreadsheets."""
    return make_connection(kind="spreadsheet", **fields)


def upload(connection, text, *, name="may.csv"):
    body = text if isinstance(text, bytes) else text.encode()
    return receive.receive(SimpleUploadedFile(name, body), connection=connection, user=None)


def check(connection, *rows, **changes):
    """Upload `rows` and have them checked with the columns that are suggested."""
    sheet = upload(connection, text_of(*rows))
    saved = SheetMapping.objects.filter(connection=connection).first()
    receive.choose_columns(sheet.pk, suggest(sheet.header, sheet.first_rows, saved) | changes, actor="user:1")
    deliver(CHECK)
    sheet.refresh_from_db()
    return sheet


def start(sheet):
    """Have a checked upload imported; returns it."""
    receive.start(sheet.pk, actor="user:1")
    deliver(TAKE)
    return SheetUpload.objects.get(pk=sheet.pk)


def take(connection, *rows, **changes):
    return start(check(connection, *rows, **changes))


def outcome(sheet):
    """Return (placed, waits, unchanged, refused orders, refused rows)."""
    return tuple(sheet.figures[name] for name in ("placed", "waits", "unchanged", "refused", "refused_rows"))


def problems(sheet):
    """Return {row: {title, or "" for the row: reason}} of what was refused."""
    return {
        one.row: {"" if at < 0 else sheet.header[at]: reason for at, reason in one.problems}
        for one in sheet.refusals.all()
    }
