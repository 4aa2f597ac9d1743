"""What a column of a spreadsheet can say, and by which titles it is guessed; English and German."""

import re
import unicodedata
from dataclasses import dataclass

ORDER, SHIP, BILL, LINE, MONEY = "The order", "Delivered to", "Billed to", "Its lines", "Money of the order"
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Field:
    """`titles` are the usual titles of such a column, the surest first; `about` says what is not plain."""

    name: str
    label: str
    group: str
    titles: str
    about: str = ""
    required: bool = False
    constant: bool = False  # may be said once for all rows

    @property
    def is_of_line(self):
        return self.group == LINE


NAME = (
    "recipient; empfaenger; full name; customer name; kundenname; name"
    "; vor und nachname; customer; kunde; first name; vorname"
)
ADDRESS = (
    ("name", "Name", NAME, "or the first name"),
    ("last_name", "Last name", "last name; lastname; surname; nachname; familienname", "where it has its own column"),
    ("company", "Company", "company; company name; firma; firmenname; organisation; organization", ""),
    (
        "line1",
        "Street",
        "street; strasse; address line 1; address line1; address 1; address1; address"
        "; adresse; anschrift; strasse und hausnummer"
        "; strasse hausnummer; street address; line1",
        "",
    ),
    ("house_number", "House number", "house number; hausnummer; hausnr; hnr; nr", "where it has its own column"),
    (
        "line2",
        "Address, second line",
        "address line 2; address line2; address 2; address2; adresszusatz; zusatz; line2",
        "",
    ),
    ("postcode", "Postcode", "postcode; postal code; zip; zip code; zipcode; plz; postleitzahl", ""),
    ("city", "City", "city; town; ort; stadt; wohnort", ""),
    ("region", "State or province", "state; province; region; county; bundesland", ""),
    ("country", "Country", "country; country code; land; laendercode; land iso; iso country", "ISO code (DE) or name"),
)
BEFORE = {
    SHIP: (
        "shipping",
        "ship to",
        "delivery",
        "liefer",
        "lieferadresse",
        "lieferung",
        "versand",
        "recipient",
        "empfaenger",
    ),
    BILL: ("billing", "bill to", "invoice", "rechnungs", "rechnungsadresse", "rechnung"),
}


def _address(group, prefix):
    """Return the fields of an address; only of the delivery's are bare titles ("City") guessed."""
    for name, label, titles, about in ADDRESS:
        plain = titles.split("; ")
        before = [f"{word} {title}" for title in plain for word in BEFORE[group]]
        found = [*before, *plain] if group == SHIP else before
        yield Field(f"{prefix}{name}", label, group, "; ".join(found), about, constant=name == "country" and not prefix)


FIELDS = (
    Field(
        "order_id",
        "Order number",
        ORDER,
        "order number; order no; order id; orderid; order; bestellnummer; bestellnr"
        "; bestell nr; bestellung; auftragsnummer"
        "; auftragsnr; auftrag; order reference; reference; po number; order name; belegnummer",
        "rows with the same one are one order",
        required=True,
    ),
    Field(
        "ordered_at",
        "Date",
        ORDER,
        "order date; ordered at; date; bestelldatum; auftragsdatum; datum; created at"
        "; bestellt am; purchase date; created",
    ),
    Field("currency", "Currency", ORDER, "currency; waehrung; currency code; waehrungscode", constant=True),
    Field("email", "E-mail", ORDER, "email; e mail; email address; e mail adresse; mail; customer email; kunden email"),
    Field(
        "phone",
        "Phone",
        ORDER,
        "phone; telefon; telephone; phone number; telefonnummer; tel; mobile; handy; shipping phone",
    ),
    Field(
        "note",
        "Customer's note",
        ORDER,
        "note; notes; comment; comments; bemerkung; kommentar; notiz; anmerkung; customer note",
    ),
    *_address(SHIP, ""),
    *_address(BILL, "bill_"),
    Field(
        "sku",
        "SKU",
        LINE,
        "sku; artikelnummer; artikelnr; artikel nr; item number; item sku; lineitem sku"
        "; product code; product sku; article number"
        "; item code; artikel; article; code; ean; gtin",
        required=True,
    ),
    Field(
        "item",
        "Name of the goods",
        LINE,
        "item name; product name; artikelbezeichnung; bezeichnung; artikelname; produkt"
        "; produktname; product; item; lineitem name"
        "; title; titel; description; beschreibung",
        "empty: the SKU's",
    ),
    Field(
        "quantity",
        "Quantity",
        LINE,
        "quantity; qty; menge; anzahl; stueck; stueckzahl; pieces; pcs; lineitem quantity; quantity ordered; units",
        required=True,
        constant=True,
    ),
    Field(
        "unit_price",
        "Price of one piece",
        LINE,
        "unit price; price; einzelpreis; preis; stueckpreis; item price; lineitem price"
        "; preis pro stueck; price each; vk; vk preis",
        "no column: the channel's price list",
    ),
    Field(
        "line_discount",
        "Discount of the line",
        LINE,
        "line discount; item discount; lineitem discount; positionsrabatt; rabatt position",
        "money off the whole line",
    ),
    Field(
        "line_tax",
        "Tax of the line",
        LINE,
        "line tax; item tax; tax amount; steuerbetrag; mwst betrag; positionssteuer",
        "money",
    ),
    Field(
        "shipping",
        "Shipping",
        MONEY,
        "shipping; shipping cost; shipping costs; shipping price; versandkosten; versand"
        "; porto; delivery cost; freight",
    ),
    Field(
        "discount",
        "Discount",
        MONEY,
        "discount; discount amount; order discount; rabatt; rabattbetrag; nachlass",
        "off the whole order",
    ),
    Field(
        "tax",
        "Tax",
        MONEY,
        "tax; taxes; total tax; order tax; steuer; mwst; ust; mehrwertsteuer; umsatzsteuer; vat",
        "money",
    ),
    Field(
        "total",
        "Total",
        MONEY,
        "total; order total; grand total; gesamt; gesamtbetrag; summe; gesamtsumme"
        "; total amount; endbetrag; rechnungsbetrag",
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
OF_ORDER = tuple(field.name for field in FIELDS if not field.is_of_line)
GROUPS = (ORDER, LINE, MONEY, SHIP, BILL)


def normal(title):
    """Return a title as it is compared: "Straße / Nr." is "strasse nr"."""
    text = unicodedata.normalize("NFKC", title).casefold().translate(GERMAN)
    bare = (sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(bare)))
