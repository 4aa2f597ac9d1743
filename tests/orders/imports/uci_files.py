"""Small files in the shape of the UCI set, made by the tests that read them."""

from orders.imports.index import Index
from orders.imports.run import Options, run

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def uci_row(invoice, code="85123A", quantity=6, *, price="2.55", at="2010-12-01 08:26:00", customer="17850", **text):
    """One row; `text` may say `name` and `country`."""
    name, country = text.get("name", "HEART HOLDER"), text.get("country", "United Kingdom")
    return f"{invoice},{code},{name},{quantity},{at},{price},{customer},{country}"


def write_uci(folder, *rows, name="retail.csv"):
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def import_uci(path, **options):
    """Import `path` as channel `uci`; returns (Report, [Refusal])."""
    with Index() as index:
        report = run(index, Options(**{"path": path, "channel": "uci", "format": "uci"} | options))
        return report, list(index.refusals())
