"""Reading PDFs as a person and a scanner do."""

import pypdfium2
import zxingcpp

DPI = 203


def text_of(pdf):
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf.content)
    return [page.get_textpage().get_text_range() for page in document]


def size_of(pdf):
    """Return (width, height) of the first page in mm."""
    width, height = pypdfium2.PdfDocument(pdf.content)[0].get_size()
    return round(width * 25.4 / 72), round(height * 25.4 / 72)


def barcodes_of(pdf, dpi=DPI):
    """Return [(symbology identifier, text)] of what a scanner reads off the pages printed at `dpi`."""
    pages = pypdfium2.PdfDocument(pdf.content)
    images = [page.render(scale=dpi / 72, grayscale=True).to_numpy() for page in pages]
    return [(found.symbology_identifier, found.text) for image in images for found in zxingcpp.read_barcodes(image)]


def height_of(pdf, text):
    """Return how high above the first page's foot `text` begins, in mm."""
    textpage = pypdfium2.PdfDocument(pdf.content)[0].get_textpage()
    index, _ = textpage.search(text).get_next()
    return textpage.get_charbox(index)[1] * 25.4 / 72


def words_outside(pdf):
    """Return how many letters lie off their page, where a printer clips them."""
    outside = 0
    for page in pypdfium2.PdfDocument(pdf.content):
        width, height = page.get_size()
        textpage = page.get_textpage()
        for index in range(textpage.count_chars()):
            left, bottom, right, top = textpage.get_charbox(index)
            outside += left < 0 or bottom < 0 or right > width or top > height
    return outside
