"""Prices as a table: a row for each service and weight, a column for each zone."""

from oms.lib.csv import Reader
from oms.lib.errors import Invalid
from oms.lib.text import check_text

REQUIRED = ("service", "up_to")
MOST_ROWS = 20_000


def renewed(document, file):
    """Return a card's `document` with the prices of a CSV; what else it says of a service stays.

    Services that are not in the table go; a new one has prices alone. Raises Invalid, naming the row.
    """
    zones = {one["zone"].lower(): one["zone"] for one in document["zones"]}
    known = {one["code"].lower(): one for one in document["services"]}
    reader = Reader(file, name=file.name, required=REQUIRED, known=(*REQUIRED, *zones))
    services = {}
    for number, (line, cells, problem) in enumerate(reader, start=1):
        if problem or number > MOST_ROWS:
            raise Invalid(f"Row {line}: {problem or f'more than {MOST_ROWS} rows'}", field="file")
        code = check_text(cells["service"], max_length=80, field="file")
        own = services.setdefault(code.lower(), known.get(code.lower(), {"code": code}) | {"breaks": [], "prices": {}})
        own["breaks"].append(cells["up_to"])
        for column, zone in zones.items():
            if column in cells:
                own["prices"].setdefault(zone, []).append(cells[column] or None)
    return document | {"services": list(services.values())}
