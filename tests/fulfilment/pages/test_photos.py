"""A packer takes a picture of a parcel; customer service sees it beside the order."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from fulfilment.models import FulfilmentOrder
from fulfilment.services import pack, photograph
from oms import roles
from oms.lib.errors import Invalid
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, picked, work_of
from tests.fulfilment.pages.conftest import text
from tests.make import make_user

pytestmark = pytest.mark.django_db

ORIENTATION, MAKER = 0x0112, 0x010F


def picture(size=(3000, 2000), form="JPEG", **fields):
    """The bytes of a picture as a phone lying on its side takes it."""
    image = Image.new("RGB", size, "white")
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Phone"
    out = BytesIO()
    image.save(out, form, exif=exif, **fields)
    return out.getvalue()


def upload(content, name="IMG_1.jpg"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def parcel():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    picked(order)
    return pack.scan(work_of(order).pk, cup.code, actor=ACTOR).parcel


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_small_upright_and_without_what_the_camera_wrote(parcel, form):
    kept = photograph.photograph(parcel.pk, upload(picture(form=form)), actor=ACTOR)
    image = Image.open(BytesIO(read_document(kept)))
    assert (image.format, image.size) == ("JPEG", (1067, 1600))
    assert not image.getexif()
    assert (kept.title, kept.media_type, kept.subject) == (
        f"Photo 1 of parcel {parcel}",
        "image/jpeg",
        parcel.order.subject,
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no picture"),
        (b"%PDF-1.4", "no picture"),
        (b"\xff\xd8\xff\xe0 cut off", "no picture"),
        (b"GIF89a" + b"\0" * 20, "no picture"),
        (picture((801, 1000)), "800000 pixels"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_and_nothing_is_kept(parcel, content, reason, monkeypatch):
    monkeypatch.setattr(photograph, "MOST_PIXELS", 800_000)
    with pytest.raises(Invalid, match=reason):
        photograph.photograph(parcel.pk, upload(content), actor=ACTOR)
    assert not Document.objects.filter(kind=photograph.KIND).exists()


def test_a_file_that_is_too_large_is_not_opened(parcel, monkeypatch):
    monkeypatch.setattr(photograph, "MOST_BYTES", 100)
    with pytest.raises(Invalid, match="A photo has at most"):
        photograph.photograph(parcel.pk, upload(picture()), actor=ACTOR)


def test_one_too_many_is_refused_and_its_file_dropped(parcel, settings):
    for _ in range(photograph.MOST_PHOTOS):
        photograph.photograph(parcel.pk, upload(picture((60, 40))), actor=ACTOR)
    storage = Document._meta.get_field("file").storage
    files = len(storage.listdir("documents")[1])
    with pytest.raises(Invalid, match="6 photos already"):
        photograph.photograph(parcel.pk, upload(picture((60, 40))), actor=ACTOR)
    assert len(storage.listdir("documents")[1]) == files


def test_the_packer_takes_it_and_customer_service_sees_it(client, parcel):
    client.force_login(make_user(roles.PACKER))
    bench = reverse("floor:bench", args=[FulfilmentOrder.objects.get().pk])
    assert 'type="file"' in client.get(bench).content.decode()
    said = client.post(bench, {"do": "photo", "parcel": parcel.pk, "photo": upload(picture((60, 40)))}, follow=True)
    assert f"Photo 1 of parcel {parcel} is kept" in text(said)
    nothing = client.post(bench, {"do": "photo", "parcel": parcel.pk}, follow=True)
    assert "No photo came" in text(nothing)
    client.force_login(make_user(roles.CS))
    page = client.get(reverse("console:order", args=[parcel.order_id])).content.decode()
    url = reverse("floor:parcel_paper", args=[parcel.pk, "photo"])
    assert url in page
    assert "Reprint" not in page.partition(f"Photo 1 of parcel {parcel}")[2].partition("</tr>")[0]
    assert client.get(url).headers["Content-Type"] == "image/jpeg"


def test_a_photo_of_another_orders_parcel_is_not_taken_here(client, parcel):
    _, (pot,) = make_shelf(9)
    other = confirmed((pot, 1))
    picked(other)
    client.force_login(make_user(roles.PACKER))
    bench = reverse("floor:bench", args=[work_of(other).pk])
    assert client.post(bench, {"do": "photo", "parcel": parcel.pk, "photo": upload(picture())}).status_code == 404
