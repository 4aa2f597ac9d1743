"""Which column probably says what, told by its title, and how a file writes its days and amounts."""

import re

from orders.imports.sheets.fields import FIELDS, normal
from orders.models import SheetMapping

DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
COMMA = re.compile(r"\d,\d{1,2}\Z|\d\.\d{3},\d")
POINT = re.compile(r"\d,\d{3}\.\d")


def suggest(header, rows, saved=None):
    """Return {columns, constants, dates, decimals} for a file: what was saved, as far as its columns are there.

    `rows` are the first of the file. What was not saved is guessed; each column says one thing.
    """
    columns = {name: title for name, title in (saved.columns if saved else {}).items() if title in header}
    constants = dict(saved.constants) if saved else {}
    missing = [field for field in FIELDS if field.name not in columns and field.name not in constants]
    # A column that says nothing was left out on purpose where all that was saved is here.
    if not saved or len(columns) < len(saved.columns):
        columns |= _guess(missing, [title for title in header if title not in columns.values()])
    dates, decimals = _dates(header, rows, columns), _decimals(header, rows, columns)
    if saved:
        dates, decimals = saved.dates, saved.decimals
    return {"columns": columns, "constants": constants, "dates": dates, "decimals": decimals}


def _guess(fields, header):
    """Return {field: title}: of all pairs the one whose title stands first in its field's list, then the next."""
    free = {}
    for title in header:
        free.setdefault(_bare(title), title)
    ranks = {field.name: {words: rank for rank, words in enumerate(field.titles.split("; "))} for field in fields}
    pairs = sorted(
        (ranks[field.name][words], number, field.name, title)
        for number, field in enumerate(fields)
        for words, title in free.items()
        if words in ranks[field.name]
    )
    found = {}
    for _, _, name, title in pairs:
        if name not in found and title not in found.values():
            found[name] = title
    return found


def _bare(title):
    """Return a title without what is said in brackets: "Price (EUR)"."""
    return normal(re.sub(r"[\[(].*?[\])]", " ", title)) or normal(title)


def _texts(header, rows, columns, names):
    places = [header.index(columns[name]) for name in names if name in columns]
    return [row[place] for row in rows for place in places if row[place]]


def _dates(header, rows, columns):
    found = [DAY.match(text) for text in _texts(header, rows, columns, ["ordered_at"])]
    days = [match for match in found if match]
    if not days:
        return SheetMapping.Dates.ISO
    is_month_first = all(day[2] == "/" and int(day[1]) <= 12 for day in days) and any(int(day[3]) > 12 for day in days)
    return SheetMapping.Dates.MONTH_FIRST if is_month_first else SheetMapping.Dates.DAY_FIRST


def _decimals(header, rows, columns):
    texts = _texts(header, rows, columns, ["unit_price", "total", "shipping", "discount", "tax", "line_tax"])
    if any(POINT.search(text) for text in texts):
        return SheetMapping.Decimals.POINT
    return SheetMapping.Decimals.COMMA if any(COMMA.search(text) for text in texts) else SheetMapping.Decimals.EITHER
