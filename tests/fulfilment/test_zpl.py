import re

import numpy
import pytest
import zxingcpp

from fulfilment.documents import shipping_label, zpl
from fulfilment.services import label
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed


def drawn(program):
    """Return the picture (rows, columns) that a printer draws of one ^GFA label: 255 paper, 0 ink."""
    wide, rows = int(re.search(rb"\^PW(\d+)", program)[1]), int(re.search(rb"\^LL(\d+)", program)[1])
    size, again, row_bytes, data = re.search(rb"\^GFA,(\d+),(\d+),(\d+),(.*)\^FS", program, re.S).groups()
    assert (int(size), int(again), int(row_bytes) * 8) == (rows * int(row_bytes), rows * int(row_bytes), wide)
    picture, row, last = [], "", None
    for letter in data.decode():
        if letter == ":":
            picture.append(last)
            continue
        row = row.ljust(wide // 4, "0") if letter == "," else row + letter
        if len(row) == wide // 4:
            last, row = row, ""
            picture.append(last)
    assert len(picture) == rows
    bits = numpy.unpackbits(numpy.frombuffer(bytes.fromhex("".join(picture)), numpy.uint8)).reshape(rows, wide)
    return ((1 - bits) * 255).astype(numpy.uint8)


@pytest.mark.papers
@pytest.mark.django_db
def test_a_label_is_drawn_dot_by_dot_and_its_codes_are_read(settings):
    settings.GS1_PREFIX = "4012345"
    _, (cup,) = make_shelf(9)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, tracking_number="JD014600003", actor=ACTOR)
    program = zpl.from_pdf(shipping_label.render(parcel.pk).content)
    picture = drawn(program)
    assert picture.shape == (1199, 800)
    read = {(found.symbology_identifier, found.text) for found in zxingcpp.read_barcodes(picture)}
    assert ("]C0", "JD014600003") in read
    assert ("]C1", f"(00){shipping_label.sscc(parcel.pk)}") in read
    assert len(program) < picture.size / 4 / 3
