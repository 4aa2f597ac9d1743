"""CSV files: read from people with their habits, written so that no spreadsheet runs what stands in a cell."""

import csv
import gzip
import lzma
import re

from django.http import StreamingHttpResponse

from oms.lib.errors import Invalid

# A cell that starts so is a formula to Excel, LibreOffice or Sheets (OWASP: CSV injection).
FORMULA = re.compile(r"^\s*[=+\-@]|^[\t\r]")
NUMBER = re.compile(r"^-?\d+([.,]\d+)?$")
# How a cell is kept from being calculated: ="00123" by people, '=1+1 by `neutral`.
AS_TEXT = re.compile(r'\A="(.*)"\Z', re.DOTALL)
MADE_NEUTRAL = re.compile(r"\A'(?=\s*[=+\-@\t\r])")
MAX_BYTES = 2**30  # unpacked: a small .xz can hold a disk full of zeros
MAX_LINE = 200_000  # bytes


def neutral(value):
    """Return `value` as a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text


def meant(cell):
    """Return the text that `cell` means: trimmed, without what only keeps a spreadsheet from calculating."""
    cell = cell.strip()
    as_text = AS_TEXT.match(cell)
    return as_text[1] if as_text else MADE_NEUTRAL.sub("", cell)


def lines(header, rows):
    """Yield the CSV of `header` ([text]) and `rows` (iterable of [value]) line by line, formulas neutralised."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow([neutral(cell) for cell in header])
    yield "\ufeff" + line.text  # the mark by which Excel knows UTF-8
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        yield line.text


def download(name, header, rows):
    """Return the response that streams the CSV of `header` and `rows` as a file called `name`.csv."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


class _Line:
    def write(self, text):
        self.text = text


class Reader:
    """The rows of a CSV file, plain, `.gz` or `.xz`, streamed.

    `file` is binary, `name` tells how it is packed. Column names are lower case; comma, semicolon or
    tab, whichever the header has most of; UTF-8, or else Windows' Latin. Raises Invalid when one of the
    `required` columns is missing, one stands twice, or one is not `known` (none given: all are).
    """

    def __init__(self, file, *, name, required, known=()):
        self._text = decoded(bounded(_unpacked(file, name)))
        first = next(self._text, "").lstrip("\ufeff")
        self._delimiter = max(",;\t", key=first.count)
        self.columns = _header(first, self._delimiter, required=required, known=known)

    def __iter__(self):
        """Yield (line number, {column: text}, problem): cells as `meant`, blank lines passed over.

        A line that cannot be read has the cells it has and says why in `problem`, which is else "".
        Raises Invalid when the file itself breaks off or is too large.
        """
        rows = csv.reader(self._text, delimiter=self._delimiter)
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield rows.line_num + 1, {}, f"Not readable as CSV: {error}."
                continue
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield rows.line_num + 1, *self._cells(row)

    def _cells(self, row):
        cells = {column: meant(cell) for column, cell in zip(self.columns, row, strict=False)}
        if len(row) != len(self.columns):
            return cells, f"{len(row)} cells where the first line has {len(self.columns)}."
        return cells, ""


def _header(line, delimiter, *, required, known):
    columns = [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    if missing := [column for column in required if column not in columns]:
        raise Invalid(f"The first line lacks the column {', '.join(missing)}.", field="file")
    if strange := [column for column in columns if known and column not in known]:
        raise Invalid(f"Unknown column {', '.join(strange)}; known are {', '.join(known)}.", field="file")
    if len(set(columns)) < len(columns):
        raise Invalid("A column stands twice in the first line.", field="file")
    return columns


def _unpacked(file, name):
    if name.lower().endswith(".gz"):
        return gzip.open(file)
    if name.lower().endswith(".xz"):
        return lzma.open(file)
    return file


def bounded(file):
    """Yield the lines of a binary `file`; raises Invalid when it, or one of them, is too large, or breaks off."""
    size = 0
    try:
        while line := file.readline(MAX_LINE):
            size += len(line)
            if size > MAX_BYTES or len(line) == MAX_LINE:
                raise Invalid("The file is over 1 GiB, or one line of it over 200 kB.", field="file")
            yield line
    except (EOFError, OSError, lzma.LZMAError) as error:
        raise Invalid(f"The file cannot be unpacked: {error}.", field="file") from None


def decoded(lines):
    """Yield lines of bytes as text: UTF-8, or else Windows' Latin."""
    for line in lines:
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield line.decode("cp1252", errors="replace")
