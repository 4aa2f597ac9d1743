import pytest

from oms.papers.services.queue_message import queue_message
from oms.papers.services.request_document import request_document
from oms.subscribers import DOCUMENTS, EMAILS

PIECES = "tests.oms.papers.pieces"


@pytest.fixture(autouse=True)
def pieces(monkeypatch):
    for kind in ("slip", "jammed"):
        monkeypatch.setitem(DOCUMENTS, kind, f"{PIECES}.{kind}")
    for kind in ("greeting", "unwritable"):
        monkeypatch.setitem(EMAILS, kind, f"{PIECES}.{kind}")


@pytest.fixture
def make_slip(db):
    """Return `make_slip(...)`: a requested document of thing 7."""

    def make(kind="slip", **fields):
        return request_document(kind, "thing:7", 7, title="Slip 7", **fields)

    return make


@pytest.fixture
def make_message(db):
    """Return `make_message(...)`: a queued e-mail about thing 7."""

    def make(kind="greeting", **fields):
        return queue_message(kind, "thing:7", 7, **{"to": "ann@example.com", "language": "de"} | fields)

    return make
