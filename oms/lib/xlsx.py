"""Excel workbooks of people whom nobody vouches for: measured part by part before they are read, and read row by row.

openpyxl reads what it is given, however much that is, so nothing is given to it that was not measured: a few kilobytes
of ZIP may hold gigabytes, and a few megabytes of XML elements without end. Formulas are never calculated: what counts
is the value that stood in the cell when the file was saved.
"""

import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from xml.parsers import expat

from oms.lib.errors import Invalid

MOST_UNPACKED = 100_000_000  # bytes of all parts
MOST_PARTS = 1_000
MOST_DIRECTORY = 1_000_000  # bytes of the ZIP's list of parts, of which each costs memory
MOST_COLUMNS = 200
MOST_ROWS = 100_000
LAST_ROW = 1_048_576  # of a sheet that Excel can show
MOST_STRINGS = 1_000_000
MOST_INSIDE = 4_000  # elements of one row, or of one text
MOST_OTHERS = 200_000  # elements of styles, merged cells and the like, which are kept in memory
MOST_TEXT = 40_000  # of one element; a cell of Excel has at most 32,767 characters
MOST_PENDING = 1_000_000  # bytes without an event: one endless name or attribute
DEEPEST = 40
CHUNK = 65_536
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
END_OF_ZIP, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
DAMAGED = (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, struct.error, zlib.error)
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


def rows(file, *, decimal_mark="."):
    """Yield (row number, [text of each cell]) of the first visible sheet of the workbook in a binary `file`.

    Numbers have `decimal_mark` and no other; days are ISO 8601. Raises Invalid when it is none, or more than we read.
    """
    check(file)
    file.seek(0)
    load = import_module("openpyxl").load_workbook  # brought in by the first workbook: few processes see one
    book = _read(load, file, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise Invalid("There is no sheet with cells in it.", field="file")
        sheet.reset_dimensions()  # what a file says of its width may be any number
        found = sheet.iter_rows(values_only=True)
        number = 0
        while (row := _read(next, found, None)) is not None:
            number += 1
            yield number, [text_of(value, decimal_mark) for value in row]
    finally:
        book.close()


def text_of(value, decimal_mark="."):
    """Return the text of a cell's value: 19.9 is "19.9" also where the file holds 19.899999999999999."""
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f").replace(".", decimal_mark) if value == value else ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value.replace(microsecond=0)).isoformat(*_blank(value))
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _blank(value):
    return () if value.time() == time() else (" ",)


def check(file):
    """Raise Invalid unless the binary `file` is a workbook whose parts are all of bounded size, in any respect."""
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive.infolist())
            for part in archive.infolist():
                with archive.open(part) as stream:
                    _Measure(part.filename).feed(stream)
    except DAMAGED as error:
        raise Invalid(f"The workbook is damaged: {str(error)[:100]}.", field="file") from None


def _check_directory(file):
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(size - 70_000, 0))
    tail = file.read()
    at = tail.rfind(END_OF_ZIP)
    if at < 0:
        raise zipfile.BadZipFile("it breaks off")
    directory = struct.unpack("<L", tail[at + 12 : at + 16])[0]
    if directory > MOST_DIRECTORY or tail[max(at - 20, 0) : at].startswith(LOCATOR_64):
        _refuse(f"has over {MOST_PARTS} parts")
    file.seek(0)


def _check_parts(parts):
    """Refuse by what the ZIP declares; no part can unpack to more, for reading one ends at its declared size."""
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        _refuse(f"has over {MOST_PARTS} parts, or one of them twice")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        _refuse(f"unpacks to more than {MOST_UNPACKED // 10**6} MB: delete what is not needed, or save it as CSV")
    for part in parts:
        if part.flag_bits & 1:
            _refuse("has a password: save it without one")
        if part.compress_type not in METHODS:
            _refuse("is packed in a way that Excel does not use")


class _Measure:
    """Reads a part without keeping anything of it, and refuses what would take memory without bound."""

    def __init__(self, name):
        self._is_xml = name.lower().endswith((".xml", ".rels"))
        self._depth = self._rows = self._strings = self._others = self._inside = self._text = 0
        self._within = None  # the depth of the row or text that we are in
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self._data, self._doctype

    def feed(self, stream):
        fed = 0
        try:
            while chunk := stream.read(CHUNK):
                fed += len(chunk)
                self._parser.Parse(chunk, False)
                if fed - self._parser.CurrentByteIndex > MOST_PENDING:
                    _refuse("holds a name or attribute without an end")
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            # Pictures are no XML. Should openpyxl take one for a sheet, it stops where this did.
            if self._is_xml:
                raise Invalid(f"The workbook is damaged: {error}.", field="file") from None

    def _start(self, name, attributes):
        self._depth, self._text = self._depth + 1, 0
        if self._depth > DEEPEST:
            _refuse(f"nests deeper than {DEEPEST} levels")
        local = name.rpartition(" ")[2]
        if self._within is None:
            self._count(local, attributes)
            return
        self._inside += 1
        if self._inside > MOST_INSIDE:
            _refuse(f"has a row or a text of more than {MOST_INSIDE} elements")
        if local == "c" and "r" in attributes:
            _check_cell(attributes["r"])

    def _count(self, local, attributes):
        if local in ("row", "si"):
            self._within, self._inside = self._depth, 0
        if local == "row":
            self._rows += 1
            _check_row(attributes.get("r", "1"))
        elif local == "si":
            self._strings += 1
        else:
            self._others += 1
        if self._rows > MOST_ROWS:
            _refuse(f"has a sheet of over {MOST_ROWS:,} rows: split it, or save it as CSV")
        if self._strings > MOST_STRINGS or self._others > MOST_OTHERS:
            _refuse("has more texts, styles or merged cells than we read: save it as CSV")

    def _end(self, name):
        if self._within == self._depth:
            self._within = None
        self._depth -= 1

    def _data(self, text):
        self._text += len(text)
        if self._text > MOST_TEXT:
            _refuse(f"has a cell of more than {MOST_TEXT:,} characters")

    def _doctype(self, *_):
        _refuse("has a document type, which no workbook has")


def _check_row(number):
    if not (number.isascii() and number.isdigit() and len(number) < 9 and 0 < int(number) <= LAST_ROW):
        _refuse("has a row beyond the last one of Excel")


def _check_cell(place):
    found = CELL.match(place)
    column = 0
    for letter in found[1] if found else "":
        column = column * 26 + ord(letter) - 64
    if not 0 < column <= MOST_COLUMNS:
        _refuse(f"has cells beyond column {MOST_COLUMNS}: delete those columns")
    _check_row(found[2])


def _read(function, *args, **options):
    """Call openpyxl, which raises whatever comes of a file that is not as it expects."""
    try:
        return function(*args, **options)
    except Invalid:
        raise
    except Exception as error:
        raise Invalid(f"The workbook cannot be read ({type(error).__name__}): save it as CSV.", field="file") from error


def _refuse(reason):
    raise Invalid(f"The workbook {reason}.", field="file")
