from datetime import date

import pytest

from inventory.documents.item_label import ItemLabel, render_labels
from tests.fulfilment.paper import barcodes_of, size_of, text_of, words_outside


@pytest.mark.papers
def test_item_label():
    labels = [
        ItemLabel("MUG-1", "Mug", 6, bin="A-12-3", lot="L7", expires_on=date(2027, 1, 31), band="QUARANTINE"),
        ItemLabel("X" * 40, "n" * 200, 1, bin="B" * 20),
    ]
    pdf = render_labels(labels)
    first, second = text_of(pdf)
    assert size_of(pdf) == (57, 32)
    for words in ("A-12-3", "MUG-1", "6 pc", "lot L7", "exp 2027-01-31", "QUARANTINE"):
        assert words in first
    assert "".join(second.split()).count("X") == 40
    assert words_outside(pdf) == 0
    assert ("]C0", "MUG-1") in barcodes_of(pdf)
