import pytest
from django.core.exceptions import ImproperlyConfigured

from oms.lib.api.deprecation import endings

pytestmark = pytest.mark.django_db

ORDER = "GET /api/v1/orders/{number}"
ENDS = {"since": "2027-01-31", "sunset": "2027-07-31", "link": "https://example.com/v2"}


def test_an_operation_that_will_end_says_so_whatever_it_answers(client, settings):
    settings.API_DEPRECATED = {ORDER: ENDS}
    answer = client.get("/api/v1/orders/100001")
    assert answer.status_code == 401
    assert answer.headers["Deprecation"] == "@1801353600"
    assert answer.headers["Sunset"] == "Sat, 31 Jul 2027 00:00:00 GMT"
    assert answer.headers["Link"] == '<https://example.com/v2>; rel="deprecation"'


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/v1/orders"), ("post", "/api/v1/orders/1"), ("get", "/api/v1/orders/1/x"), ("get", "/healthz")],
)
def test_no_other_operation_says_so(client, settings, method, path):
    settings.API_DEPRECATED = {ORDER: {"since": "2027-01-31"}}
    assert "Deprecation" not in getattr(client, method)(path).headers


def test_openapi_marks_it_and_nothing_else(client, settings):
    settings.API_DEPRECATED = {ORDER: {"since": "2027-01-31"}}
    paths = client.get("/api/schema", headers={"Accept": "application/json"}).json()["paths"]
    marked = [(method, path) for path, all_of in paths.items() for method, one in all_of.items() if "deprecated" in one]
    assert marked == [("get", "/api/v1/orders/{number}")]


@pytest.mark.parametrize(
    "said",
    [
        {ORDER: {}},
        {ORDER: "2027"},
        {ORDER: {"since": "soon"}},
        {ORDER: {"since": "2027-07-31", "sunset": "2027-01-31"}},
        {"/api/v1/orders": {"since": "2027-01-31"}},
    ],
)
def test_what_makes_no_sense_is_said_when_it_starts(settings, said):
    settings.API_DEPRECATED = said
    with pytest.raises(ImproperlyConfigured, match="API_DEPRECATED"):
        endings()
