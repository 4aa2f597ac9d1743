"""Orders of a craft fair in a spreadsheet: its columns are named and saved, and a few of its cells are bad."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from oms.lib.commands import command
from oms.management.demo.people import NAMES
from oms.management.demo.shop import FIELDS
from orders.channels.registry import SPREADSHEET
from orders.imports.sheets import receive
from orders.imports.sheets.check import check
from orders.imports.sheets.suggest import suggest
from orders.models import Channel, Connection

HEADER = "Bestellnr;Datum;Artikelnummer;Menge;Einzelpreis;Versandkosten;Name;Straße;PLZ;Ort;Land;E-Mail"
LENA = "Lena Koch;Lindenstr. 8;10969;Berlin;DE;lena.koch@example.com"
PAUL = "Paul Wolf;Zeil 51;60313;Frankfurt am Main;DE;paul.wolf@example.com"
MIA = "Mia Bauer;Venloer Str. 90;50823;Köln;DE;mia.bauer@example.com"
# Two orders are good, one waits for a SKU, in the others something is wrong.
ROWS = (
    "F-201;{day};MUG-WHITE;2;12,90;4,90;" + LENA,
    "F-201;{day};MUG-SAND;1;12,90;4,90;" + LENA,
    "F-202;{day};MUG-WHITE;zwei;12,90;4,90;" + PAUL,
    "F-203;31.02.2026;MUG-SAND;1;12,90;4,90;" + MIA,
    "F-204;{day};TASSE-7;1;9,50;4,90;" + MIA,
    "F-205;{day};MUG-WHITE;4;12,90;0,00;" + PAUL,
    "F-206;{day};MUG-SAND;1;12.90 EUR?;4,90;Finn Klein;;22765;Hamburg;Germanien;finn.klein@example",
)


@command
def make(channel):
    """Upload the fair's orders, of the seller of `channel`, and have them checked; a second call changes nothing."""
    shared = {name: getattr(channel, name) for name in FIELDS}
    fair, _ = Channel.objects.get_or_create(code="FAIR", defaults=shared | {"name": "Craft fair", "locale": "de"})
    connection, is_new = Connection.objects.get_or_create(
        channel=fair, defaults={"kind": SPREADSHEET, "is_shadow": False}
    )
    if not is_new:
        return
    day = f"{timezone.localdate() - timedelta(days=1):%d.%m.%Y}"
    text = "\n".join([HEADER, *ROWS, ""]).format(day=day)
    user = User.objects.filter(username=NAMES["CS"]).first()
    upload = receive.receive(SimpleUploadedFile("craft-fair.csv", text.encode()), connection=connection, user=user)
    receive.choose_columns(upload.pk, suggest(upload.header, upload.first_rows), actor="system")
    check(upload.pk, actor="system")
