"""Several papers as one PDF, so that they are printed in one go; each page stays as it was made."""

from io import BytesIO
from threading import Lock

import pypdfium2

_lock = Lock()  # PDFium serves one thread at a time


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
