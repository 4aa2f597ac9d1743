import pypdfium2
import pytest
import zxingcpp

from returns.documents.return_slip import render
from tests.returns.make import asked, shipped

pytestmark = [pytest.mark.papers, pytest.mark.django_db]


@pytest.mark.parametrize(("locale", "word"), [("en", "Return slip"), ("de", "Rücksendeschein")])
def test_slip_reads_back(locale, word):
    rma = asked(shipped(3, locale=locale), 2)
    pdf = pypdfium2.PdfDocument(render(rma.pk).content)
    text = pdf[0].get_textpage().get_text_range()
    assert word in text
    assert rma.number in text
    image = pdf[0].render(scale=203 / 72).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [rma.number]
