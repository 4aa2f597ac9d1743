"""Workbooks: read as they stand; those that would take memory without bound are refused before they do."""

import resource
import struct
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from oms.lib import sheet, xlsx
from oms.lib.errors import Invalid
from oms.lib.sheet import Sheet

SHEET = "xl/worksheets/sheet1.xml"
MB = b"<c><v>1</v></c>" * 70_000
ROW = "<worksheet><sheetData><row>{}</row></sheetData></worksheet>"


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    file = BytesIO()
    book.save(file)
    return file


def packed(content, *, name=SHEET, **options):
    """A ZIP of one part, which `content` (text or chunks) is."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(name, "w") as part:
        for chunk in [content.encode()] if isinstance(content, str) else content:
            part.write(chunk)
    return file


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_cells_are_read_as_text_and_formulas_are_not_calculated():
    file = workbook(
        ["Order", "Date", "Price", "Pieces"],
        ["A1", date(2026, 5, 31), 19.9, 2],
        [10001, datetime(2026, 5, 31, 14, 5), 0.1 + 0.2, True],
        ["A2", None, "=1+1"],
        [None, None],
        ["Jörg", "text", 1234567.5],
    )
    found = Sheet(file, decimal_mark=",")
    assert (found.header, found.is_workbook) == (["Order", "Date", "Price", "Pieces"], True)
    assert list(found) == [
        (2, ["A1", "2026-05-31", "19,9", "2"], ""),
        (3, ["10001", "2026-05-31 14:05:00", "0,3", "True"], ""),
        (4, ["A2", "", "", ""], ""),
        (6, ["Jörg", "text", "1234567,5", ""], ""),
    ]


def test_the_first_sheet_that_is_seen_is_read():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet().append(["a", "b"])
    assert Sheet(saved(book)).header == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ROW.format("<c/>" * 4_100), "row or a text of more than 4000"),
        (ROW.format(f"<c><v>{'x' * 41_000}</v></c>"), "cell of more than 40,000"),
        (ROW.format('<c r="XFD1"/>'), "beyond column 200"),
        (ROW.replace("<row>", '<row r="99999999999">').format(""), "beyond the last one"),
        ([b"<a>" * 50], "deeper than 40"),
        ([b'<a b="', b"x" * 1_200_000], "without an end"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("<a><b></a>", "damaged"),
    ],
)
def test_parts_without_bound_are_refused(content, said):
    with pytest.raises(Invalid, match=said):
        Sheet(packed(content))


def test_more_texts_or_rows_than_are_read_are_refused(monkeypatch):
    for limit, element, said in (("MOST_STRINGS", "si", "more texts"), ("MOST_ROWS", "row", "a sheet of over 3")):
        monkeypatch.setattr(xlsx, limit, 3)
        with pytest.raises(Invalid, match=said):
            Sheet(packed(f"<a>{f'<{element}/>' * 4}</a>"))


def test_one_long_text_in_every_cell_is_refused(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_TEXT", 10_000)
    rows = Sheet(workbook(["a", "b"], *[["x" * 1_000] * 2] * 6))
    with pytest.raises(Invalid, match="over 10,000 characters"):
        list(rows)


def test_a_gigabyte_in_a_small_file_is_refused_in_little_memory(sized):
    file = packed([b"<worksheet><sheetData><row>"] + [MB] * sized(105, 1_000))
    before = peak_mb()
    assert len(file.getvalue()) < 6_000_000
    with pytest.raises(Invalid, match="unpacks to more than 100 MB"):
        Sheet(file)
    assert peak_mb() - before < 30


def test_a_part_that_lies_about_its_size_is_refused_too():
    body = bytearray(packed([b"<worksheet><sheetData><row>"] + [MB] * 3).getvalue())
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<L", body, body.rfind(mark) + place, 1_000)
    with pytest.raises(Invalid, match="damaged"):
        Sheet(BytesIO(bytes(body)))


def test_what_no_workbook_has_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(SHEET, "<a/>")
    with pytest.raises(Invalid, match="in a way that Excel does not use"):
        Sheet(file)
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1_001):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(Invalid, match="over 1000 parts"):
        Sheet(file)
    with pytest.raises(Invalid, match="cannot be read"):
        Sheet(packed("<a/>"))
