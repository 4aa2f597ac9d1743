"""The words of what suppliers get printed, by language."""

from babel import Locale, UnknownLocaleError

WORDS = {
    "en": {
        "purchase_order": "Purchase order",
        "supplier_return": "Return to supplier",
        "reprint": "Reprint",
        "deliver_to": "Deliver to",
        "bill_to": "Invoice to",
        "vat_id": "VAT id",
        "account": "Our account",
        "reference": "Your reference",
        "date": "Date",
        "wanted_by": "Expected by",
        "order": "Purchase order",
        "your_code": "Your code",
        "our_code": "Our code",
        "name": "Item",
        "quantity": "Pieces",
        "cost": "Each",
        "amount": "Amount",
        "due": "By",
        "total": "Total",
        "page": "Page",
        "request": "Please confirm the delivery dates, and put our order number on your delivery note.",
        "why": "Reason",
        "credit": "Please credit",
    },
    "de": {
        "purchase_order": "Bestellung",
        "supplier_return": "Rücksendung",
        "reprint": "Nachdruck",
        "deliver_to": "Lieferanschrift",
        "bill_to": "Rechnung an",
        "vat_id": "USt-IdNr.",
        "account": "Unsere Kundennr.",
        "reference": "Ihr Zeichen",
        "date": "Datum",
        "wanted_by": "Erwartet bis",
        "order": "Bestellung",
        "your_code": "Ihre Art.-Nr.",
        "our_code": "Unsere Art.-Nr.",
        "name": "Artikel",
        "quantity": "Stück",
        "cost": "Einzeln",
        "amount": "Betrag",
        "due": "Bis",
        "total": "Summe",
        "page": "Seite",
        "request": "Bitte bestätigen Sie die Liefertermine und nennen Sie unsere Bestellnummer auf dem Lieferschein.",
        "why": "Grund",
        "credit": "Bitte gutschreiben",
    },
}


def locale_of(supplier):
    """Return babel's locale of a supplier: its language as it is written where it is."""
    country = supplier.address.get("country", "")
    try:
        return Locale(supplier.language, country or None)
    except UnknownLocaleError:  # babel has no such pair, for example German in Portugal
        return Locale(supplier.language)


def address_lines(address, locale, *, name="", home=""):
    """Return `name` and the lines of an address ({line1, line2, postcode, city …}), the country unless at `home`."""
    town = " ".join(part for part in (address.get("postcode"), address.get("city")) if part)
    country = address.get("country", "")
    lines = [name or address.get("name", ""), address.get("line1"), address.get("line2"), town, address.get("region")]
    if country and country != home:
        lines.append(locale.territories.get(country, country).upper())
    return [line for line in lines if line]
