"""A PDF for a printer that speaks ZPL: each page a bitmap of its dots, so that a label is printed unchanged.

Zebra, ZPL II Programming Guide: ^GFA (graphic field, ASCII hexadecimal) with its compression: a comma fills the
row with white, a colon repeats the row before. Pages are drawn at 203 dpi; our barcodes have modules of whole dots.
"""

import numpy
import pypdfium2

DPI = 203
DARK = 160  # a pixel below is a dot; text at 7 pt keeps its strokes


def from_pdf(content):
    """Return the ZPL (bytes) that prints the pages of the PDF `content` in their own size."""
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(_label(_dots(page)) for page in document).encode()
    finally:
        document.close()


def _dots(page):
    """Return a page as booleans, (rows, columns), true where a dot is printed; columns fill whole bytes."""
    grey = page.render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()
    dots = grey < DARK
    return numpy.pad(dots, ((0, 0), (0, -dots.shape[1] % 8)))


def _label(dots):
    rows, wide = dots.shape[0], dots.shape[1] // 8
    size = rows * wide
    return f"^XA^PW{wide * 8}^LL{rows}^LH0,0^FO0,0^GFA,{size},{size},{wide},{''.join(_rows(dots))}^FS^XZ\n"


def _rows(dots):
    last = None
    for packed in numpy.packbits(dots, axis=1):
        text = packed.tobytes().hex().upper()
        short = text.rstrip("0")
        row = text if len(short) == len(text) else short + ("0" if len(short) % 2 else "") + ","
        yield ":" if row == last else row
        last = row
