import base64

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.deliver import deliver
from tests.make import make_channel, make_order

pytestmark = pytest.mark.django_db
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def channel():
    """A channel with a logo of one pixel."""
    channel = make_channel()
    channel.brand_logo.save("logo.PNG", ContentFile(PNG))
    return channel


def test_logo_stands_on_the_page_and_in_the_mail(client, settings, channel, path):
    order = make_order(channel=channel)
    deliver()
    address = settings.SITE_URL + reverse("brand_logo", args=[channel.pk])
    assert f'<img src="{address}"' in mail.outbox[-1].alternatives[0].content
    assert f'<img src="{reverse("brand_logo", args=[channel.pk])}"' in client.get(path(order)).content.decode()
    answer = client.get(reverse("brand_logo", args=[channel.pk]))
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/png", PNG)


def test_picture_that_may_hold_a_script_is_not_shown(client, channel):
    channel.brand_logo.save("logo.svg", ContentFile(b"<svg><script>alert(1)</script></svg>"))
    assert client.get(reverse("brand_logo", args=[channel.pk])).status_code == 404
    make_order(channel=channel)
    deliver()
    assert "<img" not in mail.outbox[-1].alternatives[0].content


def test_no_logo_and_no_file_are_not_found(client, channel):
    assert client.get(reverse("brand_logo", args=[make_channel().pk])).status_code == 404
    channel.brand_logo.storage.delete(channel.brand_logo.name)
    assert client.get(reverse("brand_logo", args=[channel.pk])).status_code == 404
