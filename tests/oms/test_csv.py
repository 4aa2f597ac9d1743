import gzip
import io
import lzma

import pytest

from oms.lib import csv
from oms.lib.errors import Invalid


def read(content, name="file.csv", **kwargs):
    return list(csv.Reader(io.BytesIO(content), name=name, **{"required": ["sku", "quantity"]} | kwargs))


def test_columns_are_found_by_name_in_any_order_case_and_dialect():
    assert read(b"\xef\xbb\xbf Quantity ; SKU \r\n 5 ; MUG \r\n\r\n") == [(2, {"quantity": "5", "sku": "MUG"}, "")]
    assert read(b'sku\tquantity\n"A\tB"\t2\n') == [(2, {"sku": "A\tB", "quantity": "2"}, "")]


@pytest.mark.parametrize(("pack", "name"), [(gzip.compress, "a.csv.gz"), (lzma.compress, "A.CSV.XZ")])
def test_packed_files_are_unpacked(pack, name):
    assert read(pack(b"sku,quantity\nMUG,1\n"), name) == [(2, {"sku": "MUG", "quantity": "1"}, "")]


def test_letters_of_either_encoding_are_read():
    assert [row["sku"] for _, row, _ in read("sku,quantity\nTÄSSE,1\n".encode())] == ["TÄSSE"]
    assert [row["sku"] for _, row, _ in read("sku,quantity\nTÄSSE,1\n".encode("cp1252"))] == ["TÄSSE"]


@pytest.mark.parametrize(
    ("cell", "text"), [('"=""00123"""', "00123"), ("'=1+1", "=1+1"), ("'s-Hertogenbosch", "'s-Hertogenbosch")]
)
def test_marks_that_only_keep_a_spreadsheet_from_calculating_are_dropped(cell, text):
    assert [row["sku"] for _, row, _ in read(f"sku,quantity\n{cell},1\n".encode())] == [text]


def test_a_ragged_line_says_so_and_the_rest_is_read():
    first, second = read(b"sku,quantity\nMUG\nCUP,1\n")
    assert first == (2, {"sku": "MUG"}, "1 cells where the first line has 2.")
    assert second == (3, {"sku": "CUP", "quantity": "1"}, "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lacks the column sku, quantity"),
        (b"sku\nMUG\n", "lacks the column quantity"),
        (b"sku,quantity,sku\n", "stands twice"),
        (b"sku,quantity,colour\n", "Unknown column colour"),
        (b"sku,quantity\n" + b"x" * 300_000, "one line of it over"),
    ],
)
def test_a_file_that_is_none_is_refused(content, words):
    with pytest.raises(Invalid, match=words):
        read(content, known=["sku", "quantity"])


def test_a_file_that_breaks_off_is_refused():
    with pytest.raises(Invalid, match="cannot be unpacked"):
        read(gzip.compress(b"sku,quantity\nMUG,1\n")[:-9], "a.gz")


def test_a_file_that_unpacks_to_a_flood_is_refused(monkeypatch):
    monkeypatch.setattr(csv, "MAX_BYTES", 1000)
    with pytest.raises(Invalid, match="over 1 GiB"):
        read(lzma.compress(b"sku,quantity\n" + b"MUG,1\n" * 1000), "a.xz")


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-cmd", "@SUM", "\t=1", " =1", "-2+3"])
def test_what_a_spreadsheet_would_run_is_made_text(cell):
    assert csv.neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", [-5, "-5.20", "-5,20", 7, "a=b", "", None])
def test_numbers_and_words_stay_as_they_are(cell):
    assert csv.neutral(cell) == ("" if cell is None else str(cell))


def test_lines_are_written_one_by_one():
    written = csv.lines(["sku", "name"], ([i, f"=A{i}"] for i in range(2)))
    assert next(written) == "\ufeffsku,name\r\n"
    assert list(written) == ["0,'=A0\r\n", "1,'=A1\r\n"]
