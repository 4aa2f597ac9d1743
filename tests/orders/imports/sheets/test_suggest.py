import pytest

from orders.imports.sheets.cells import amount
from orders.imports.sheets.fields import normal
from orders.imports.sheets.suggest import suggest
from orders.models import SheetMapping

GERMAN = "Bestellnr.;Bestelldatum;Artikel-Nr.;Menge;Einzelpreis (EUR);Versandkosten;Vorname;Nachname;Straße;Hausnummer"
GERMAN += ";PLZ;Ort;Land;Rechnungsadresse Ort"
SHOP = "Name;Email;Currency;Shipping;Total;Lineitem quantity;Lineitem sku;Lineitem price;Billing City;Shipping Name"
SHOP += ";Shipping City;Shipping Zip"


def guessed(titles, *rows):
    return suggest(titles.split(";"), [row.split(";") for row in rows])


@pytest.mark.parametrize(
    ("titles", "wanted"),
    [
        (
            GERMAN,
            {
                "order_id": "Bestellnr.",
                "ordered_at": "Bestelldatum",
                "sku": "Artikel-Nr.",
                "quantity": "Menge",
                "unit_price": "Einzelpreis (EUR)",
                "shipping": "Versandkosten",
                "name": "Vorname",
                "last_name": "Nachname",
                "line1": "Straße",
                "house_number": "Hausnummer",
                "postcode": "PLZ",
                "city": "Ort",
                "country": "Land",
                "bill_city": "Rechnungsadresse Ort",
            },
        ),
        (
            SHOP,
            {
                "email": "Email",
                "currency": "Currency",
                "shipping": "Shipping",
                "total": "Total",
                "quantity": "Lineitem quantity",
                "sku": "Lineitem sku",
                "unit_price": "Lineitem price",
                "bill_city": "Billing City",
                "name": "Shipping Name",
                "city": "Shipping City",
                "postcode": "Shipping Zip",
            },
        ),
        ("Order No;SKU;Qty;Colour", {"order_id": "Order No", "sku": "SKU", "quantity": "Qty"}),
    ],
)
def test_columns_are_guessed_by_their_titles(titles, wanted):
    assert guessed(titles)["columns"] == wanted


def test_days_and_amounts_are_guessed_by_how_they_are_written():
    def habits(day, price):
        found = guessed("Order;Date;Price", f"1;{day};{price}")
        return found["dates"], found["decimals"]

    assert habits("2026-05-31", "9.5") == ("iso", "any")
    assert habits("31.05.2026", "1.234,50") == ("dmy", "comma")
    assert habits("05/31/2026", "1,234.50") == ("mdy", "point")
    assert habits("05/06/2026", "9,50") == ("dmy", "comma")


def test_what_was_saved_comes_first_and_what_was_left_out_stays_so():
    saved = SheetMapping(columns={"sku": "Code", "order_id": "No"}, constants={"country": "AT"}, dates="mdy")
    found = suggest(["No", "Code", "Menge"], [], saved)
    assert (found["columns"], found["constants"], found["dates"]) == (saved.columns, {"country": "AT"}, "mdy")
    found = suggest(["Order", "Code", "Menge"], [], saved)
    assert found["columns"] == {"sku": "Code", "order_id": "Order", "quantity": "Menge"}


def test_titles_are_compared_by_their_letters():
    assert [normal(title) for title in ("Straße / Nr.", "E-Mail", "  Größe ", "Prénom")] == [
        "strasse nr",
        "e mail",
        "groesse",
        "prenom",
    ]


@pytest.mark.parametrize(
    ("decimals", "text", "found"),
    [
        ("any", "9,50", "9.50"),
        ("any", "€ 9.50", "9.50"),
        ("any", "1,234", None),
        ("any", "1.234,50", None),
        ("comma", "1.234,50", "1234.50"),
        ("comma", "1 234,50 EUR", "1234.50"),
        ("comma", "1.234", "1234"),
        ("comma", "9.50", None),
        ("point", "1,234.50", "1234.50"),
        ("point", "1'234.50 CHF", "1234.50"),
        ("point", "9,50", None),
        ("point", "9,50,0", None),
        ("any", "nine", None),
        ("comma", "9,12345", None),
    ],
)
def test_amounts_are_read_as_they_are_written(decimals, text, found):
    said = amount(text, decimals)
    assert (None if said is None else f"{said:f}") == found
