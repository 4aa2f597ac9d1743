"""A carrier's own label: printed as it came; only a reprint is followed by a page that says so."""

from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from fulfilment.documents import zpl
from fulfilment.models import Label
from oms.lib import pdf
from oms.lib.errors import Invalid
from oms.papers.base import Pdf
from oms.papers.models import Document
from oms.papers.services.read_document import read_document

KIND = "shipping_label"
STYLES = ("fulfilment/documents/label_reprint.css",)
# What a label is at least wide: carriers draw them 4 inches wide.
INCHES = 4


def stored(parcel):
    """Return the Document of the label that a carrier sold for a parcel; None where the label is our own."""
    if not Label.objects.filter(parcel=parcel, status=Label.Status.BOUGHT).exists():
        return None
    return Document.objects.latest_of(KIND, parcel.pk)


def render(document, *, reprint):
    """Return the label of a carrier again in its own form, followed by "REPRINT n"."""
    content = read_document(document)
    return Pdf(document.title, MARKERS[document.form](content, f"REPRINT {reprint}", document.title))


def for_printer(content, form, printer):
    """Return the bytes of a label in `form` for a printer that takes `printer` ("pdf" or "zpl").

    What the printer speaks goes to it unchanged. Raises Invalid for ZPL on a printer that does not speak it.
    """
    if form == printer:
        return content
    if form == "zpl":
        raise Invalid("This label is ZPL: print it at a station that speaks ZPL, or void it and buy it again here.")
    page = _page(content) if form == "png" else content
    return zpl.from_pdf(page) if printer == "zpl" else page


def _page(content):
    """Return a picture as a PDF page, 4 inches wide."""
    picture = Image.open(BytesIO(content)).convert("L")
    out = BytesIO()
    picture.save(out, "PDF", resolution=picture.width / INCHES)
    return out.getvalue()


def _mark_pdf(content, text, title):
    note = pdf.render("fulfilment/documents/label_reprint.html", {"text": text, "title": title}, styles=STYLES)
    label = pypdfium2.PdfDocument(content)
    second = pypdfium2.PdfDocument(note)
    try:
        label.import_pages(second)
        out = BytesIO()
        label.save(out)
        return out.getvalue()
    finally:
        second.close()
        label.close()


def _mark_zpl(content, text, title):
    plain = "".join(letter for letter in title if letter.isascii() and letter.isalnum() or letter in " -")
    note = f"^XA^PW812^LL400^FO60,60^A0N,90,90^FD{text}^FS^FO60,190^A0N,40,40^FD{plain}^FS^XZ\n"
    return content.rstrip() + b"\n" + note.encode()


def _mark_png(content, text, title):
    picture = Image.open(BytesIO(content)).convert("L")
    size = max(picture.width // 12, 12)
    marked = Image.new("L", (picture.width, picture.height + 2 * size), 255)
    marked.paste(picture)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(marked).text((size, picture.height + size // 2), text, fill=0, font=font)
    out = BytesIO()
    marked.save(out, "PNG")
    return out.getvalue()


MARKERS = {"pdf": _mark_pdf, "zpl": _mark_zpl, "png": _mark_png}
