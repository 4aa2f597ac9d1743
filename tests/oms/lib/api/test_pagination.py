from base64 import b64encode
from urllib.parse import urlencode

import pytest

from oms.partners.models import Partner, WebhookEndpoint

LIST = "/api/v1/webhooks"

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(call_as):
    partner = Partner.objects.create(code="ACME", name="Acme")
    WebhookEndpoint.objects.bulk_create(
        WebhookEndpoint(partner=partner, url=f"https://example.com/{n}", events=["*"]) for n in range(7)
    )
    return call_as(partner)


def test_walks_all_rows_newest_first(client):
    ids, address = [], f"{LIST}?page_size=3"
    while address:
        page = client.get(address).json()
        ids += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(ids) == 7
    assert ids == sorted(ids, reverse=True)


def test_goes_back(client):
    first = client.get(f"{LIST}?page_size=3").json()
    second = client.get(first["next"]).json()
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_counts_nothing(client, django_assert_max_num_queries):
    client.get(LIST)
    with django_assert_max_num_queries(1) as queries:
        client.get(f"{LIST}?page_size=3")
    assert "COUNT" not in queries.captured_queries[0]["sql"]


@pytest.mark.parametrize("size", ["0", "501", "abc", "-1", "1e3", "²", "", "9" * 30])
def test_page_size_is_bounded(client, size):
    answer = client.get(LIST, {"page_size": size})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"page_size": ["A number from 1 to 500."]}


@pytest.mark.parametrize("position", ["abc", "1.5", "\x00", "9" * 40, "-" + "9" * 40])
def test_made_up_position_is_no_error_of_ours(client, position):
    cursor = b64encode(urlencode({"p": position}).encode()).decode()
    assert client.get(LIST, {"cursor": cursor}).status_code in (200, 400)


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "bz1h", "cj0xJnA9YWJj"])
def test_bad_cursor_is_refused(client, cursor):
    answer = client.get(LIST, {"cursor": cursor})
    assert answer.status_code == 400
    assert "cursor" in answer.json()["errors"]
