"""A table from a person's computer, CSV or Excel, read row by row: which of them it is, the file says itself."""

import csv
from itertools import chain, islice

from oms.lib import xlsx
from oms.lib.csv import bounded, decoded, meant
from oms.lib.errors import Invalid
from oms.lib.text import one_line

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WIDE = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|"
MOST_TITLE = 100
MOST_TEXT = 100_000_000
MOST_BEFORE = 20  # rows above the header
OLD = "This is an Excel file of before 2007, or one with a password: save it as .xlsx without one, or as CSV."


class Sheet:
    """The rows of a binary `file`: CSV in UTF-8 or Windows' Latin with any usual separator, or an Excel workbook.

    `header` is the first row with at least two cells; each of its titles is there once: "Name", "Name (2)". Numbers of
    a workbook are told with `decimal_mark`. Raises Invalid when the file is no table.
    """

    def __init__(self, file, *, decimal_mark="."):
        file.seek(0)
        begin = file.read(4)
        file.seek(0)
        if begin == OLE:
            raise Invalid(OLD, field="file")
        if begin[:2] in WIDE:
            raise Invalid("The file is Unicode text of two bytes a letter: save it as CSV UTF-8.", field="file")
        self.is_workbook = begin == ZIP
        self._rows = xlsx.rows(file, decimal_mark=decimal_mark) if self.is_workbook else _csv_rows(file)
        self.header = self._find_header()

    def _find_header(self):
        for _, row, *_ in islice(self._rows, MOST_BEFORE):
            cells = _without_end([one_line(cell)[:MOST_TITLE] for cell in row])
            if len(cells) > xlsx.MOST_COLUMNS:
                raise Invalid(
                    f"The table has over {xlsx.MOST_COLUMNS} columns: delete what is not needed.", field="file"
                )
            if sum(map(bool, cells)) > 1:
                return _once_each(cells)
        raise Invalid(f"No row of titles was found in the first {MOST_BEFORE} rows.", field="file")

    def __iter__(self):
        """Yield (row number, [text], problem), as many texts as there are titles; blank rows are passed over.

        A row that cannot be read has the cells it has, and says why in `problem`, which is else "".
        """
        width, size = len(self.header), 0
        for number, row, *problem in self._rows:
            size += sum(map(len, row))
            if size > MOST_TEXT:  # cells of a workbook may all be one long text
                raise Invalid(f"The table holds over {MOST_TEXT:,} characters: split it.", field="file")
            cells = _without_end([meant(cell) for cell in row])
            if not cells and not problem:
                continue
            too_many = len(cells) > width or (not self.is_workbook and len(row) < width)
            problem = problem[0] if problem else f"{len(row)} cells under {width} titles." if too_many else ""
            yield number, (cells + [""] * width)[:width], problem


def _csv_rows(file):
    """Yield (line number, [text]), or (line number, [], problem) of a line that cannot be read."""
    text = decoded(bounded(file))
    begin = list(islice(text, MOST_BEFORE))
    before = 0
    if begin:
        begin[0] = begin[0].lstrip("\ufeff")
        before = int(begin[0].lower().startswith("sep=") and len(begin[0].strip()) == 5)
    # Excel's own way of saying it is a first line "sep=;".
    delimiter = begin[0].strip()[4] if before else _delimiter(begin)
    rows = csv.reader(chain(begin[before:], text), delimiter=delimiter)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield rows.line_num + before, [], f"Not readable as CSV: {error}."
            continue
        if row is None:
            return
        yield rows.line_num + before, row


def _delimiter(lines):
    """Return what separates cells: what the first line that has a few of one has most of; a heading has none."""
    counts = [{sign: "".join(line.split('"')[::2]).count(sign) for sign in DELIMITERS} for line in lines]
    best = [max(DELIMITERS, key=count.get) for count in counts]
    few = [sign for sign, count in zip(best, counts, strict=True) if count[sign] > 1]
    one = [sign for sign, count in zip(best, counts, strict=True) if count[sign]]
    return next(iter([*few, *one]), DELIMITERS[0])


def _without_end(cells):
    """Return cells without the empty ones at the end."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _once_each(titles):
    found = []
    for number, title in enumerate(titles, start=1):
        title = name = title or f"Column {number}"
        count = 1
        while name in found:
            count += 1
            name = f"{title} ({count})"
        found.append(name)
    return found
