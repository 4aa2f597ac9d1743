import gzip
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inventory.models import Sku
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Delivery
from orders.imports import upload
from orders.models import Order, OrderUpload
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_sku

pytestmark = pytest.mark.django_db

HEADER = "order_id,ordered_at,sku,quantity,unit_price,line1,city,country\n"
GOOD = "1,2024-05-31,MUG,2,9.50,Torstr. 1,Berlin,DE\n"
BAD = "2,2024-05-31,MUG,two,9.50,Torstr. 1,Berlin,DE\n"


def received(text=HEADER + GOOD, *, name="orders.csv", is_live=False, channel=None):
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    channel = channel or make_channel(prices_include_tax=False)
    return upload.receive(file, channel=channel, is_live=is_live, user=None)


def test_a_file_is_checked_and_nothing_is_imported_yet():
    told = received(HEADER + GOOD + BAD)
    assert (told.status, told.name, told.report["orders_created"]) == ("checked", "orders.csv", 1)
    assert [(one["row"], one["field"]) for one in told.refused] == [(3, "quantity")]
    assert not Order.objects.exists()


def test_what_nobody_knows_is_named_before_it_is_made():
    make_sku(code="TEA")
    told = received(HEADER + GOOD + GOOD.replace("1,2024", "2,2024").replace("MUG", "tea"))
    assert (told.report["skus_created"], told.report["skus_unknown"]) == (1, ["MUG"])
    assert not Sku.objects.filter(code="MUG").exists()


def test_a_started_one_is_imported_by_the_worker_and_its_file_deleted():
    told = received(HEADER + GOOD + BAD)
    path, storage = told.file.name, told.file.storage
    upload.start(told.pk, actor="user:1")
    assert deliver() == 1
    told.refresh_from_db()
    assert (told.status, told.report["orders_created"], len(told.refused)) == ("done", 1, 1)
    assert (Order.objects.get().origin, told.file.name, storage.exists(path)) == ("import", "", False)


def test_packed_files_are_taken_too():
    told = received(gzip.compress((HEADER + GOOD).encode()), name="orders.CSV.GZ")
    upload.start(told.pk, actor="user:1")
    deliver()
    assert Order.objects.count() == 1


def test_live_orders_are_placed():
    make_sku(5, make_location(), code="MUG")
    text = (HEADER + GOOD).replace(",ordered_at", "").replace("2024-05-31,", "")
    told = received(text, is_live=True)
    upload.start(told.pk, actor="user:1")
    deliver("orders.tasks.import_upload")
    assert (Order.objects.get().status, Order.objects.get().origin) == ("placed", "live")


def test_nobody_starts_it_twice_or_after_discarding_it():
    first, second = received(), received()
    upload.start(first.pk, actor="user:1")
    upload.discard(second.pk)
    for pk in (first.pk, second.pk):
        with pytest.raises(InvalidTransition):
            upload.start(pk, actor="user:1")
    assert Delivery.objects.count() == 1
    with pytest.raises(InvalidTransition):
        upload.discard(first.pk)
    deliver()


def test_a_delivery_that_comes_twice_imports_once():
    told = received()
    upload.start(told.pk, actor="user:1")
    deliver()
    done_at = OrderUpload.objects.get().done_at
    upload.import_upload(told.pk, actor="user:1")
    assert (Order.objects.count(), OrderUpload.objects.get().done_at) == (1, done_at)


def test_a_file_that_cannot_be_imported_any_more_says_why():
    told = received()
    upload.start(told.pk, actor="user:1")
    with told.file.storage.open(told.file.name, "wb") as file:
        file.write(b"colour\nred\n")
    deliver()
    told.refresh_from_db()
    assert (told.status, "lacks the column" in told.error, told.file.name) == ("failed", True, "")


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("colour\nred\n", "orders.csv", "Unknown column colour|lacks the column"),
        (HEADER + GOOD, "orders.xlsx", "Choose a .csv file"),
        (HEADER + GOOD * 3, "orders.csv", "over 2 rows"),
        (HEADER + GOOD * 30, "orders.csv", "over 0 MB"),
    ],
)
def test_what_is_no_file_of_orders_is_not_kept(monkeypatch, text, name, words):
    monkeypatch.setattr(upload, "MOST_ROWS", {False: 2, True: 2})
    monkeypatch.setattr(upload, "MOST_BYTES", 1000)
    with pytest.raises(Invalid, match=words):
        received(text, name=name)
    assert not OrderUpload.objects.exists()


def test_what_nobody_started_is_forgotten_after_a_week():
    old, new = received(), received()
    OrderUpload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    upload.discard_forgotten()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, old.file.name, new.status, bool(new.file)) == ("discarded", "", "checked", True)


def test_a_file_whose_worker_died_before_deleting_it_is_deleted_the_next_day():
    told = received()
    OrderUpload.objects.filter(pk=told.pk).update(status="done")
    upload.discard_forgotten()
    assert (OrderUpload.objects.get().file.name, told.file.storage.exists(told.file.name)) == ("", False)
