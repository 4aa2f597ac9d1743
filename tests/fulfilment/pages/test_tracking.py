from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from fulfilment.imports import upload as uploading
from fulfilment.models import Parcel, TrackingUpload
from oms import roles
from oms.lib.errors import InvalidTransition
from tests.fulfilment.make import confirmed, work_of
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot():
    return make_location("SWIFT", kind="3pl")


@pytest.fixture
def work(depot):
    return work_of(confirmed((make_sku(5, depot, code="CUP"), 2)))


@pytest.fixture
def lead(client):
    client.force_login(make_user(roles.LEAD))
    return client


def send(client, depot, *rows):
    text = "\n".join(["work,tracking_number", *rows])
    data = {"file": SimpleUploadedFile("sent.csv", text.encode()), "location": depot.pk}
    return client.post(reverse("tracking:uploads"), data, follow=True)


def take(client):
    return client.post(reverse("tracking:take", args=[TrackingUpload.objects.first().pk]), follow=True)


def test_a_file_is_seen_row_by_row_and_ships_by_a_click(lead, depot, work):
    page = send(lead, depot, f"{work},T1", "F999,T2").content.decode()
    assert "Ship 1 row" in page
    assert "SWIFT has no work F999." in page
    assert not Parcel.objects.exists()
    page = take(lead).content.decode()
    assert "The file is taken." in page
    assert Parcel.objects.get().tracking_number == "T1"
    upload = TrackingUpload.objects.get()
    assert (upload.status, bytes(upload.content)) == ("done", b"")
    assert upload.rows == [
        [3, "refused", "F999", "SWIFT has no work F999."],
        [2, "created", f"{work}", f"1 parcel of {work}"],
    ]


def test_a_second_click_ships_nothing(lead, depot, work):
    send(lead, depot, f"{work},T1")
    take(lead)
    rows = TrackingUpload.objects.get().rows
    assert "sent.csv was taken already." in take(lead).content.decode()
    assert TrackingUpload.objects.get().rows == rows
    assert Parcel.objects.count() == 1


def test_a_taking_that_was_killed_is_made_again(depot, work, monkeypatch):
    upload = uploading.receive(
        SimpleUploadedFile("a.csv", f"work,tracking_number\n{work},T1".encode()), location=depot, user=None
    )
    with monkeypatch.context() as patch:
        patch.setattr(TrackingUpload, "finish", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            uploading.take(upload.pk, actor="user:1")
    assert Parcel.objects.count() == 1
    assert uploading.take(upload.pk, actor="user:1").rows == [[2, "unchanged", f"{work}", f"{work} left before."]]
    with pytest.raises(InvalidTransition):
        uploading.take(upload.pk, actor="user:1")
    assert Parcel.objects.count() == 1


def test_what_is_no_such_table_is_said_at_the_field(lead, depot):
    data = {"file": SimpleUploadedFile("a.csv", b"colour\nred\n"), "location": depot.pk}
    response = lead.post(reverse("tracking:uploads"), data)
    assert response.context["form"].errors["file"] == ["The first line lacks the column tracking_number."]
    assert response.status_code == 422
    assert not TrackingUpload.objects.exists()


def test_only_locations_that_others_run_are_offered(lead, depot):
    own = make_location("BER")
    assert lead.get(reverse("tracking:work", args=[own.pk])).status_code == 404
    assert send(lead, own, "F1,T1").context["form"].errors["location"]


def test_the_work_is_downloaded(lead, depot, work):
    assert "1 waiting" in lead.get(reverse("tracking:uploads")).content.decode()
    response = lead.get(reverse("tracking:work", args=[depot.pk]))
    assert f"{work},{work.order.number}," in b"".join(response.streaming_content).decode()


def test_what_nobody_took_is_forgotten(lead, depot, work):
    send(lead, depot, f"{work},T1")
    TrackingUpload.objects.update(created_at=timezone.now() - timedelta(days=8))
    send(lead, depot, f"{work},T1")
    assert TrackingUpload.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 200) for role in (roles.LEAD, roles.MANAGER)]
    + [(role, 403) for role in (roles.CS, roles.PICKER, roles.PACKER, roles.STORE, roles.BUYER, roles.READ_ONLY)],
)
def test_who_may_upload(client, depot, work, role, status):
    upload = uploading.receive(
        SimpleUploadedFile("a.csv", f"work,tracking_number\n{work},T1".encode()), location=depot, user=None
    )
    client.force_login(make_user(role))
    pages = [
        reverse("tracking:uploads"),
        reverse("tracking:work", args=[depot.pk]),
        reverse("tracking:upload", args=[upload.pk]),
    ]
    assert [client.get(page).status_code for page in pages] == [status] * 3
    taken = client.post(reverse("tracking:take", args=[upload.pk])).status_code
    assert taken == (302 if status == 200 else 403)
    assert Parcel.objects.exists() == (status == 200)
