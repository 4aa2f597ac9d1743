import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from oms import roles
from orders.models import Order, OrderUpload
from tests.deliver import deliver
from tests.make import make_channel, make_user

pytestmark = pytest.mark.django_db

GOOD = "order_id,ordered_at,sku,quantity,unit_price\n1,2024-05-31,MUG,2,9.50\n"
BAD = GOOD + "2,2024-05-31,MUG,two,9.50\n"
UPLOADS = "/admin/orders/import/"


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


def send(client, text, **fields):
    """Send a file; returns the page that is shown then."""
    channel = make_channel(prices_include_tax=False)
    data = {"file": SimpleUploadedFile("may.csv", text.encode()), "channel": channel.pk, "these": "history"}
    return client.post(UPLOADS, data | fields, follow=True)


def test_the_page_says_what_each_column_means(manager):
    page = manager.get(UPLOADS).content.decode()
    assert "<code>unit_price</code>" in page
    assert "with at most 4 decimals" in page


def test_a_file_is_shown_before_it_is_imported(manager):
    response = send(manager, BAD)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("console:upload", args=[OrderUpload.objects.get().pk])
    assert "Import 1 order " in page
    assert "&#x27;two&#x27; is no whole number of pieces." in page
    assert not Order.objects.exists()


def test_it_is_imported_by_a_click_and_the_page_looks_again_until_it_is(manager):
    send(manager, GOOD)
    upload = OrderUpload.objects.get()
    page = reverse("console:upload", args=[upload.pk])
    started = manager.post(f"{page}start/", follow=True)
    assert (started.headers["Refresh"], Order.objects.count()) == ("3", 0)
    deliver()
    done = manager.get(page)
    assert "Refresh" not in done.headers
    assert "Created</dt><dd><strong>1</strong>" in done.content.decode()
    assert Order.objects.count() == 1


def test_a_second_click_starts_nothing(manager, said):
    send(manager, GOOD)
    page = reverse("console:upload", args=[OrderUpload.objects.get().pk])
    manager.post(f"{page}start/")
    assert said(manager.post(f"{page}start/", follow=True)) == [
        "A worker imports it now.",
        "This file is being imported already.",
    ]
    assert deliver() == 1


def test_a_file_can_be_discarded(manager):
    send(manager, GOOD)
    upload = OrderUpload.objects.get()
    manager.post(reverse("console:upload_discard", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.status, upload.file.name) == ("discarded", "")


def test_what_is_no_file_of_orders_is_said_at_the_field(manager):
    response = send(manager, "colour\nred\n")
    assert response.status_code == 422
    assert "lacks the column order_id" in response.context["form"].errors["file"][0]
    assert not OrderUpload.objects.exists()


@pytest.mark.parametrize("role", [roles.CS, roles.PICKER, roles.FINANCE, roles.READ_ONLY])
def test_only_managers_import(client, role):
    client.force_login(make_user(role))
    pages = [UPLOADS, f"{UPLOADS}1/"]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert [client.post(f"{UPLOADS}1/{what}/").status_code for what in ("start", "discard")] == [403, 403]


def test_nothing_is_started_by_looking(manager):
    send(manager, GOOD)
    assert manager.get(reverse("console:upload_start", args=[OrderUpload.objects.get().pk])).url == "/admin/"
    assert OrderUpload.objects.get().status == "checked"
