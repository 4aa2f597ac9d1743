"""The QR code with which a banking app fills in a SEPA transfer: EPC069-12, version 3.1."""

from decimal import Decimal

from oms.lib.barcodes import qr

MOST = Decimal("999999999.99")


def payload(*, name, iban, bic, amount, remittance):
    """Return the text of the code, in the standard's order of lines; `amount` is in EUR."""
    lines = ["BCD", "002", "1", "SCT", bic, name[:70], iban.replace(" ", ""), f"EUR{amount:.2f}", "", ""]
    return "\n".join([*lines, remittance[:140]])


def transfer_qr(*, seller, currency, amount, remittance):
    """Return the Barcode for a transfer to `seller` ({legal_name, iban, bic}), or None where there can be none."""
    if currency != "EUR" or not seller.get("iban") or not 0 < amount <= MOST:
        return None
    name = seller["legal_name"]
    text = payload(name=name, iban=seller["iban"], bic=seller["bic"], amount=amount, remittance=remittance)
    return qr(text, level="M")
