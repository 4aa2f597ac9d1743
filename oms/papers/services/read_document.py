from hashlib import sha256

from oms.lib.errors import DomainError
from oms.papers.services.make_document import make_document


class Damaged(DomainError):
    """The stored file is not the one that was made."""


def read_document(document):
    """Return the PDF bytes of `document`, made now when no worker has made it yet.

    Raises Damaged when the file was changed or is gone: an invoice must not go out altered.
    """
    document = make_document(document)
    try:
        with document.file.storage.open(document.file.name) as file:
            content = file.read()
    except FileNotFoundError:
        raise Damaged(f"The file of {document} is gone from the store: restore it from a backup.") from None
    if sha256(content).hexdigest() != document.sha256:
        raise Damaged(f"The file of {document} was changed after it was made: restore it from a backup.")
    return content
