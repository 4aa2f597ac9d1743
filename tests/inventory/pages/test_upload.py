from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from inventory.imports import upload as uploading
from inventory.models import CountSession, Sku, StockEntry, TableUpload
from inventory.services import stock
from oms import roles
from oms.lib.checked_upload import MOST_BYTES
from tests.inventory.ledger import bins
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db

SKUS = "code,name,weight_g\nMUG,A mug,310\nCUP,Cup,\nNEW,,5\nBAD,Bad,heavy\nMUG,twice,\n"
STOCK = "sku,quantity,bin\nMUG,12,A-1\nNONE,3,\nCUP,two,\n"


@pytest.fixture
def buyer(client):
    client.force_login(make_user(roles.BUYER))
    return client


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG", name="A mug", weight_g=300)


def send(client, kind, text, **fields):
    data = {"file": SimpleUploadedFile("table.csv", text.encode())} | fields
    return client.post(reverse(f"tables:{kind}"), data, follow=True)


def send_count(client, berlin, text=STOCK, day=None):
    return send(client, "stock", text, location=berlin.pk, counted_on=day or timezone.localdate() - timedelta(days=1))


def take(client):
    return client.post(reverse("tables:take", args=[TableUpload.objects.first().pk]), follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_every_row_says_what_would_become_of_it_and_nothing_is_written(buyer, mug):
    page = send(buyer, "skus", SKUS)
    assert TableUpload.objects.get().rows == [
        [4, "refused", "NEW", "name: NEW is new and needs a name."],
        [5, "refused", "BAD", "weight_g: 'heavy' is not a whole number from 0 to 100,000,000."],
        [6, "refused", "MUG", "code: MUG stands in line 2 too."],
        [2, "changed", "MUG", "weight_g"],
        [3, "created", "CUP", ""],
    ]
    assert "NEW is new and needs a name." in page.content.decode()
    assert "Take 2 rows" in page.content.decode()
    assert list(Sku.objects.values_list("code", "weight_g")) == [("MUG", 300)]


def test_a_click_takes_the_good_rows(buyer, mug):
    send(buyer, "skus", SKUS)
    assert messages(take(buyer)) == ["The file is taken."]
    assert set(Sku.objects.values_list("code", "weight_g")) == {("MUG", 310), ("CUP", 0)}
    upload = TableUpload.objects.get()
    assert (upload.status, bytes(upload.content)) == ("done", b"")


def test_a_second_click_takes_nothing(buyer, mug):
    send(buyer, "skus", SKUS)
    take(buyer)
    Sku.objects.filter(code="MUG").update(weight_g=1)
    assert messages(take(buyer)) == ["table.csv was taken already."]
    assert Sku.objects.get(code="MUG").weight_g == 1


def test_a_count_is_shown_and_then_booked_as_of_its_day(buyer, mug, berlin):
    StockEntry.objects.update(at=timezone.now() - timedelta(days=9))
    send_count(buyer, berlin)
    assert TableUpload.objects.get().rows == [
        [3, "refused", "NONE", "sku: there is no SKU NONE; import it first."],
        [4, "refused", "CUP", "quantity: 'two' is not a whole number from 0 to 100,000,000."],
        [2, "created", "MUG A-1", "+12 pieces"],
    ]
    assert not CountSession.objects.exists()
    take(buyer)
    assert bins(mug, berlin) == {"A-1": 12, "DOCK": 10}
    assert CountSession.objects.get().posted_by.startswith("user:")


@pytest.mark.django_db(transaction=True)  # a refused command takes back what it did
def test_what_changed_since_the_preview_is_shown_anew_and_nothing_is_half_done(buyer, mug, berlin):
    make_sku(code="CUP")
    send_count(buyer, berlin, "sku,quantity\nMUG,12\nCUP,3\n")
    stock.adjust(mug, berlin, 4, reason="found")
    StockEntry.objects.filter(reason="found").update(at=timezone.now() - timedelta(days=3))
    before = StockEntry.objects.count()
    assert "checked anew" in messages(take(buyer))[0]
    assert (StockEntry.objects.count(), CountSession.objects.count()) == (before, 0)
    assert TableUpload.objects.get().status == "checked"
    assert messages(take(buyer)) == ["The file is taken."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("colour\nred\n", "The first line lacks the column code."),
        ("code,name\n" + "A,b\n" * (uploading.MOST_ROWS + 1), "More than 2,000 rows: import it from the command line."),
        ("code,name\n" + "x" * MOST_BYTES, "The file is over 1 MB: split it."),
    ],
)
def test_what_is_no_such_table_or_too_large_is_said_at_the_field(buyer, text, why):
    response = send(buyer, "skus", text)
    assert response.context["form"].errors["file"] == [why]
    assert response.status_code == 422
    assert not TableUpload.objects.exists()


def test_a_day_to_come_is_refused_at_its_field(buyer, berlin):
    response = send_count(buyer, berlin, day=timezone.localdate() + timedelta(days=2))
    assert "has not begun" in response.context["form"].errors["counted_on"][0]
    assert not TableUpload.objects.exists()


def test_what_nobody_took_is_forgotten(buyer, mug):
    send(buyer, "skus", SKUS)
    TableUpload.objects.update(created_at=timezone.now() - timedelta(days=8))
    send(buyer, "skus", SKUS)
    assert TableUpload.objects.count() == 1


@pytest.mark.parametrize(("kind", "column"), [("skus", "unit_cost"), ("stock", "bin")])
def test_the_page_names_the_columns(buyer, kind, column):
    assert f"<code>{column}</code>" in buyer.get(reverse(f"tables:{kind}")).content.decode()


@pytest.mark.parametrize("page", ["sku", "stocklevel"])
def test_the_lists_have_the_button_for_those_who_may(client, mug, page):
    url = f"/admin/inventory/{page}/"
    client.force_login(make_user(roles.LEAD))
    assert b"Upload a CSV" in client.get(url).content
    client.force_login(make_user(roles.READ_ONLY))
    assert b"Upload a CSV" not in client.get(url).content


@pytest.mark.parametrize(
    ("role", "status"),
    [(role, 200) for role in (roles.BUYER, roles.LEAD, roles.MANAGER)]
    + [(role, 403) for role in (roles.CS, roles.PICKER, roles.STORE, roles.FINANCE, roles.READ_ONLY)],
)
def test_who_may_upload(client, mug, role, status):
    upload = uploading.receive(SimpleUploadedFile("a.csv", SKUS.encode()), kind="skus", user=None)
    client.force_login(make_user(role))
    pages = [reverse("tables:skus"), reverse("tables:stock"), reverse("tables:upload", args=[upload.pk])]
    assert [client.get(page).status_code for page in pages] == [status] * 3
    taken = client.post(reverse("tables:take", args=[upload.pk])).status_code
    assert taken == (302 if status == 200 else 403)
    assert Sku.objects.filter(code="CUP").exists() == (status == 200)
