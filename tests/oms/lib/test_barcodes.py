import numpy
import pypdfium2
import pytest
import zxingcpp
from weasyprint import HTML

from oms.lib.barcodes import DOT_MM, check_digit, code128, gs1_128, qr
from oms.lib.errors import Invalid


def read(svg):
    """Print `svg` on a page as a 203 dpi printer would, in black and white, and read it."""
    html = f"<style>@page {{ size: 200mm 60mm; margin: 5mm }} svg {{ display: block }}</style>{svg}"
    [page] = pypdfium2.PdfDocument(HTML(string=html).write_pdf())
    image = page.render(scale=203 / 72, grayscale=True).to_numpy()
    return zxingcpp.read_barcode(numpy.ascontiguousarray(numpy.where(image.squeeze() < 128, 0, 255), numpy.uint8))


@pytest.mark.parametrize("text", ["O-1000234", "PL7", "a b&<c>", "1234567890"])
def test_code128_reads_back(text):
    symbol = read(code128(text).svg(height_mm=15))
    assert (symbol.text, symbol.format) == (text, zxingcpp.BarcodeFormat.Code128)


def test_gs1_128_reads_back_as_gs1():
    symbol = read(gs1_128("(00)106141411234567897").svg(height_mm=32))
    assert (symbol.text, symbol.symbology_identifier) == ("(00)106141411234567897", "]C1")


def test_qr_reads_back():
    link = "https://orders.example.com/c/" + "x" * 80
    assert read(qr(link).svg()).text == link


def test_module_is_three_dots_and_the_symbol_one_path():
    barcode = code128("O-1000234")
    assert barcode.width_mm() == pytest.approx(barcode.width * 3 * DOT_MM)
    assert barcode.width == barcode.modules + 20
    assert barcode.svg().count("<path") == 1
    assert f"width:{barcode.width_mm():.4f}mm" in barcode.svg()


def test_height_is_kept():
    assert f"height:{round(15 / (3 * DOT_MM)) * 3 * DOT_MM:.4f}mm" in code128("A").svg(height_mm=15)


@pytest.mark.parametrize("text", ["", "äöü", "a\nb", "x" * 49])
def test_unfit_text_is_refused(text):
    with pytest.raises(Invalid, match="Not fit"):
        code128(text)


@pytest.mark.parametrize("text", ["junk", "(01)123", "(00)106141411234567898", "(01)09506000134353"])
def test_bad_gs1_data_is_refused(text):
    with pytest.raises(Invalid, match="Not fit|check digit"):
        gs1_128(text)


def test_check_digit_of_known_numbers():
    assert check_digit("0950600013435") == 2  # GTIN-14 from the GS1 General Specifications
    assert check_digit("400638133393") == 1  # EAN-13
