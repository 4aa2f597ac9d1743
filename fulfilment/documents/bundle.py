"""Several papers as one PDF, so that they are printed in one go; each page stays as it was made."""

from io import BytesIO
from threading import Lock

import pypdfium2

_lock = Lock()  # PDFium serves one thread at a time
A4 = (595.28, 841.89)  # points


def bundle(contents):
    """Return the PDF bytes of all pages of `contents` (PDF bytes each), in their order."""
    with _lock:
        whole = pypdfium2.PdfDocument.new()
        for content in contents:
            part = pypdfium2.PdfDocument(content)
            whole.import_pages(part)
            part.close()
        out = BytesIO()
        whole.save(out)
        whole.close()
    return out.getvalue()


def four_a_sheet(contents, *, start=1):
    """Return the PDF bytes of all pages of `contents`, four on a sheet of A4, the first at its place `start`.

    Places are counted along the rows, 105 × 148.5 mm each (A6). What is larger is made smaller, nothing larger.
    """
    with _lock:
        whole, place = pypdfium2.PdfDocument.new(), start - 1
        sheet = whole.new_page(*A4)
        for content in contents:
            part = pypdfium2.PdfDocument(content)
            for index in range(len(part)):
                if place == 4:
                    sheet.gen_content()
                    sheet, place = whole.new_page(*A4), 0
                sheet.insert_obj(_placed(part, index, whole, place))
                place += 1
            part.close()
        sheet.gen_content()
        out = BytesIO()
        whole.save(out)
        whole.close()
    return out.getvalue()


def _placed(part, index, whole, place):
    """Return a page of `part` as an object in the middle of a place of a sheet."""
    width, height = A4[0] / 2, A4[1] / 2
    size = part.get_page_size(index)
    factor = min(width / size[0], height / size[1], 1)
    x = place % 2 * width + (width - factor * size[0]) / 2
    y = (1 - place // 2) * height + (height - factor * size[1]) / 2
    page = part.page_as_xobject(index, whole).as_pageobject()
    page.set_matrix(pypdfium2.PdfMatrix().scale(factor, factor).translate(x, y))
    return page
