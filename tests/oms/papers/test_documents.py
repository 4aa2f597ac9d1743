from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from oms.outbox.models import Event
from oms.papers.models import Document
from oms.papers.services.make_document import make_document
from oms.papers.services.read_document import Damaged, read_document
from oms.papers.services.reprint import reprint
from tests.deliver import deliver
from tests.oms.papers.pieces import OutOfPaper

CONTENT = b"%PDF slip of 7 in de"


def test_is_made_by_the_worker(make_slip):
    document = make_slip(language="de")
    assert document.status == "queued"

    deliver()

    document.refresh_from_db()
    assert document.status == "ready"
    assert document.sha256 == sha256(CONTENT).hexdigest()
    assert read_document(document) == CONTENT
    assert document.filename == "Slip-7.pdf"


def test_second_request_is_the_first_document(make_slip):
    assert make_slip() == make_slip()
    assert Event.objects.filter(name="document.requested").count() == 1
    deliver()
    assert make_slip() == Document.objects.get()


def test_new_revision_stands_beside_the_old(make_slip):
    old = make_slip()
    deliver()
    new = make_slip(new_revision=True)
    deliver()
    assert [old.revision, new.revision] == [1, 2]
    assert list(Document.objects.of("thing:7")) == [new, old]
    assert Document.objects.latest_of("slip", 7) == new


def test_is_made_at_once_when_somebody_opens_it_first(make_slip):
    document = make_slip(language="de")
    assert read_document(document) == CONTENT
    before = Document.objects.get().file.name
    deliver()
    assert Document.objects.get().file.name == before, "the worker left it alone"


def test_file_name_cannot_be_guessed(make_slip):
    names = {make_document(make_slip(new_revision=True)).file.name for _ in range(2)}
    assert len(names) == 2
    assert all("7" not in name.split("/")[0] and len(name) > 40 for name in names)


def test_failure_is_noted_and_mended_by_the_next_request(make_slip):
    document = make_slip("jammed")
    with pytest.raises(OutOfPaper):
        deliver()
    document.refresh_from_db()
    assert (document.status, document.last_error) == ("failed", "OutOfPaper: tray 2")

    Event.objects.create(name="paper.filled", subject="tray:2")
    make_slip("jammed")
    deliver()
    document.refresh_from_db()
    assert (document.status, document.last_error) == ("ready", "")


def test_reprint_is_marked_counted_and_leaves_the_file(make_slip):
    document = make_document(make_slip(language="de"))
    assert reprint(document, actor="user:3") == CONTENT + b" REPRINT 1"
    assert reprint(document, actor="user:3") == CONTENT + b" REPRINT 2"
    assert read_document(document) == CONTENT
    assert Event.objects.timeline("thing:7")[0].data == {"document": document.pk, "copy": 2}


def test_altered_or_lost_file_is_not_handed_out(make_slip):
    document = make_document(make_slip())
    with open(document.file.path, "ab") as file:
        file.write(b"total 0.00")
    with pytest.raises(Damaged, match="was changed"):
        read_document(document)
    default_storage.delete(document.file.name)
    with pytest.raises(Damaged, match="is gone"):
        read_document(document)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_makers_leave_one_file(make_slip):
    document = make_slip()

    def make(number):
        try:
            return make_document(Document.objects.get(pk=document.pk)).file.name
        finally:
            connection.close()

    before = set(default_storage.listdir("documents")[1]) if default_storage.exists("documents") else set()
    with ThreadPoolExecutor(4) as pool:
        names = set(pool.map(make, range(4)))
    after = set(default_storage.listdir("documents")[1])
    assert len(names) == 1
    assert len(after - before) == 1
