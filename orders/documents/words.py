"""The words of invoices and credit notes. Legal wording is ours, law by law, and not left to translation files."""

EXEMPTIONS = {
    "en": {
        "reverse_charge": (
            "VAT-exempt intra-Community supply, Article 138 of Directive 2006/112/EC. "
            "Reverse charge: the recipient is liable for the VAT."
        ),
        "export": "VAT-exempt export supply, Article 146 of Directive 2006/112/EC.",
        "abroad": "Export: no tax is charged.",
    },
    "de": {
        "reverse_charge": (
            "Steuerfreie innergemeinschaftliche Lieferung, Art. 138 der Richtlinie 2006/112/EG "
            "(§ 4 Nr. 1 Buchst. b UStG). Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)."
        ),
        "export": "Steuerfreie Ausfuhrlieferung, Art. 146 der Richtlinie 2006/112/EG (§ 4 Nr. 1 Buchst. a UStG).",
        "abroad": "Ausfuhr: Es wird keine Steuer berechnet.",
    },
}

WORDS = {
    "en": {
        "invoice": "Invoice",
        "credit_note": "Credit note",
        "copy": "COPY",
        "number": "Number",
        "issued": "Date of issue",
        "supplied": "Date of supply",
        "order": "Order",
        "purchase_order": "Your order number",
        "your_vat_id": "Your VAT id",
        "our_vat_id": "Our VAT id",
        "vat_id": "VAT id",
        "delivered_to": "Delivery address",
        "credits": "Credits invoice",
        "reduction": "Price reduction on {count} positions",
        "reason": "Reason",
        "position": "Pos.",
        "sku": "SKU",
        "name": "Description",
        "quantity": "Qty",
        "unit_net": "Unit net",
        "discount": "Discount",
        "rate": "VAT",
        "net": "Net",
        "tax": "VAT",
        "gross": "Gross",
        "rates": "VAT by rate",
        "total": "Total",
        "credit_total": "Credited in total",
        "paid": "Paid",
        "due": "Amount due",
        "nothing_due": "Paid in full. Thank you.",
        "home_tax": "VAT in {currency}: {tax} (1 {foreign} = {rate} {currency})",
        "transfer": "Please transfer {amount}, stating {code}.",
        "page": "Page",
        "account": "Account holder",
        "phone": "Phone",
    },
    "de": {
        "invoice": "Rechnung",
        "credit_note": "Gutschrift (Rechnungskorrektur)",
        "copy": "KOPIE",
        "number": "Nummer",
        "issued": "Ausgestellt am",
        "supplied": "Lieferdatum",
        "order": "Bestellung",
        "purchase_order": "Ihre Bestellnummer",
        "your_vat_id": "Ihre USt-IdNr.",
        "our_vat_id": "Unsere USt-IdNr.",
        "vat_id": "USt-IdNr.",
        "delivered_to": "Lieferanschrift",
        "credits": "Zur Rechnung",
        "reduction": "Preisnachlass auf {count} Positionen",
        "reason": "Grund",
        "position": "Pos.",
        "sku": "Artikel",
        "name": "Bezeichnung",
        "quantity": "Menge",
        "unit_net": "Einzel netto",
        "discount": "Rabatt",
        "rate": "USt.",
        "net": "Netto",
        "tax": "USt.",
        "gross": "Brutto",
        "rates": "USt. nach Satz",
        "total": "Gesamtbetrag",
        "credit_total": "Gutschriftsbetrag",
        "paid": "Bezahlt",
        "due": "Zu zahlen",
        "nothing_due": "Vollständig bezahlt. Vielen Dank.",
        "home_tax": "USt. in {currency}: {tax} (1 {foreign} = {rate} {currency})",
        "transfer": "Bitte überweisen Sie {amount} unter Angabe von {code}.",
        "page": "Seite",
        "account": "Kontoinhaber",
        "phone": "Telefon",
    },
}


# Where the tax on a sale is no VAT.
SALES_TAX = {
    "en": {"rate": "Tax", "tax": "Sales tax", "rates": "Tax by rate", "vat_id": "Tax id", "our_vat_id": "Our tax id"},
    "de": {"rate": "Steuer", "tax": "Sales Tax", "rates": "Steuer nach Satz"},
}
WITHOUT_VAT = frozenset(("US",))


def words_of(language, country):
    """Return the words in `language` of a seller in `country` (ISO 3166)."""
    return WORDS[language] | (SALES_TAX[language] if country in WITHOUT_VAT else {})


def language_of(locale):
    """Return the language in which a document of `locale` ("de-AT") is written: one that has words, or English."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in WORDS else "en"
