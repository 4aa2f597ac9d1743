"""Tables of people: whatever separator, encoding and habits they have."""

from io import BytesIO

import pytest

from oms.lib.errors import Invalid
from oms.lib.sheet import Sheet


def read(text, encoding="utf-8"):
    sheet = Sheet(BytesIO(text.encode(encoding)))
    return sheet.header, list(sheet)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separator_and_encoding_are_found(sign, encoding):
    text = sign.join(["Größe", "Ort", "Preis"]) + "\r\n" + sign.join(["ß", "Köln", '"9,50"']) + "\r\n"
    assert read(text, encoding) == (["Größe", "Ort", "Preis"], [(2, ["ß", "Köln", "9,50"], "")])


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("a;b\n1;2\n", ["a", "b"], [(2, ["1", "2"], "")]),
        ('a,b\n"say ""hi"",\nthere",2\n', ["a", "b"], [(3, ['say "hi",\nthere', "2"], "")]),
        ("sep=;\na;b,c\n1;2\n", ["a", "b,c"], [(3, ["1", "2"], "")]),
        ("Orders of May, all\n\na;b;c\n1;2;3\n", ["a", "b", "c"], [(4, ["1", "2", "3"], "")]),
        ("a;a;;b\n1;2;3;4\n", ["a", "a (2)", "Column 3", "b"], [(2, ["1", "2", "3", "4"], "")]),
        ("a;b;;\n1;2;;\n\n;;;\n", ["a", "b"], [(2, ["1", "2"], "")]),
        (
            "a;b\n1\n1;2;3\n",
            ["a", "b"],
            [(2, ["1", ""], "1 cells under 2 titles."), (3, ["1", "2"], "3 cells under 2 titles.")],
        ),
        ('a;b\n\'=1+1;="007"\n', ["a", "b"], [(2, ["=1+1", "007"], "")]),
    ],
)
def test_habits_of_people(text, header, rows):
    assert read(text) == (header, rows)


def test_a_cell_too_large_for_csv_is_a_bad_row_and_the_next_is_read():
    _, rows = read(f"a;b\n{'x' * 140_000};2\n1;2\n")
    assert [(number, cells, bool(problem)) for number, cells, problem in rows] == [
        (2, ["", ""], True),
        (3, ["1", "2"], False),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "No row of titles"),
        (b"only one column\n1\n", "No row of titles"),
        (b"\xd0\xcf\x11\xe0old", "Excel file of before 2007"),
        ("a;b\n".encode("utf-16"), "CSV UTF-8"),
        (b"PK\x03\x04no zip", "damaged"),
        (";".join(map(str, range(300))).encode(), "over 200 columns"),
    ],
)
def test_what_is_no_table_is_said(body, said):
    with pytest.raises(Invalid, match=said) as error:
        Sheet(BytesIO(body))
    assert error.value.field == "file"
