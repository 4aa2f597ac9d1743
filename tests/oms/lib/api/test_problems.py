import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, Throttled, ValidationError
from rest_framework.test import APIRequestFactory

from oms.lib.api.problems import exception_handler, flat
from oms.lib.errors import InsufficientStock, Invalid, Retry, Stale


def answer(error):
    request = APIRequestFactory().get("/api/v1/orders/7?secret=1")
    response = exception_handler(error, {"request": request})
    assert response["Content-Type"] == "application/problem+json"
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (InsufficientStock("Out of stock."), 409, "urn:oms:problem:insufficient-stock"),
        (Invalid("Not so."), 422, "urn:oms:problem:invalid"),
        (Stale("Changed."), 412, "urn:oms:problem:stale"),
        (Http404(), 404, "about:blank"),
        (PermissionDenied(), 403, "about:blank"),
        (NotAuthenticated(), 401, "about:blank"),
        (MethodNotAllowed("PUT"), 405, "about:blank"),
        (Throttled(wait=12), 429, "about:blank"),
        (Retry(), 503, "about:blank"),
        (OperationalError("locked"), 503, "about:blank"),
        (RequestDataTooBig(), 400, "about:blank"),
    ],
)
def test_every_error_is_a_problem(error, status, kind):
    response, body = answer(error)
    assert response.status_code == body["status"] == status
    assert body["type"] == kind
    assert body["title"]
    assert body["instance"] == "/api/v1/orders/7"
    assert "errors" not in body


def test_broken_rule_names_its_field():
    _, body = answer(Invalid("At most 9.", field="quantity"))
    assert body["detail"] == "At most 9."
    assert body["errors"] == {"quantity": ["At most 9."]}


def test_shape_errors_are_named_by_path():
    nested = {"lines": [{}, {"sku": ["Unknown."]}], "email": ["Needed."], "non_field_errors": ["Odd."]}
    _, body = answer(ValidationError(nested))
    assert body["status"] == 400
    assert body["errors"] == {"lines.1.sku": ["Unknown."], "email": ["Needed."], "": ["Odd."]}


def test_flat_errors_of_a_list_field():
    assert flat(ValidationError({"tags": {0: ["Too long."]}}).detail) == {"tags.0": ["Too long."]}


def test_says_when_to_try_again():
    assert answer(Throttled(wait=12))[0]["Retry-After"] == "12"
    assert answer(Retry())[0]["Retry-After"] == "1"


def test_unforeseen_error_tells_the_log_and_nobody_else(caplog):
    with caplog.at_level(logging.ERROR):
        response, body = answer(RuntimeError("password is hunter2"))
    assert response.status_code == 500
    assert "hunter2" not in response.content.decode()
    assert "Failed to serve /api/v1/orders/7." in caplog.text
    assert "hunter2" in caplog.text


def test_address_that_is_none_is_a_problem(client):
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
