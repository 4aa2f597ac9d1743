import pytest

from inventory.documents import transfer_slip
from inventory.services import draft_transfer
from tests.fulfilment.paper import barcodes_of, size_of, text_of, words_outside
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.papers, pytest.mark.django_db]


def test_the_slip_names_the_transfer_and_all_that_is_in_it(monkeypatch):
    monkeypatch.setattr(transfer_slip, "FIRST_PAGE", 2)
    place = make_location("BER", name="Berlin")
    lines = {make_sku(code=f"MUG-{n}", name="n" * 200): 7 for n in range(3)}
    transfer = draft_transfer.draft(place, make_location("PAR", name="Paris"), lines=lines, note="by the back door")
    pdf = transfer_slip.render_slip(transfer)
    first, second = text_of(pdf)
    assert size_of(pdf) == (210, 297)
    for words in (f"Transfer T{transfer.pk}", "Berlin", "Paris", "3 / 21", "MUG-0", "by the back door", "do not send"):
        assert words in first
    assert "MUG-2" in second
    assert words_outside(pdf) == 0
    assert ("]C0", f"T{transfer.pk}") in barcodes_of(pdf)
