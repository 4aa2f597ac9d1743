import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, Throttled, ValidationError
from rest_framework.test import APIRequestFactory

from oms.lib.api.codes import CODES, OF_STATUS, code_of
from oms.lib.api.problems import exception_handler, flat
from oms.lib.errors import DomainError, InsufficientStock, Invalid, Retry, Stale
from oms.lib.tokens import DeadLink
from oms.partners.idempotency import BadKey


def answer(error):
    request = APIRequestFactory().get("/api/v1/orders/7?secret=1")
    response = exception_handler(error, {"request": request})
    assert response["Content-Type"] == "application/problem+json"
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InsufficientStock("Out of stock."), 409, "insufficient-stock"),
        (Invalid("Not so."), 422, "invalid"),
        (Stale("Changed."), 412, "stale"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "forbidden"),
        (NotAuthenticated(), 401, "unauthenticated"),
        (MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (Throttled(wait=12), 429, "throttled"),
        (Retry(), 503, "busy"),
        (OperationalError("locked"), 503, "busy"),
        (RequestDataTooBig(), 400, "malformed"),
    ],
)
def test_every_error_is_a_problem_with_its_code(error, status, code):
    response, body = answer(error)
    assert response.status_code == body["status"] == status
    assert (body["code"], body["type"]) == (code, f"http://localhost:8000/docs/errors/{code}")
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


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_address_that_is_none_is_a_problem(method):
    response = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/nothing")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_an_error_without_a_code_has_that_of_the_one_above_it():
    assert [code_of(kind("x")) for kind in (DeadLink, BadKey, DomainError)] == ["not-found", "bad-key", "conflict"]


def test_every_code_has_a_page_that_says_what_to_do(client):
    for code in CODES.values():
        page = client.get(f"/docs/errors/{code.name}").content.decode()
        assert str(code.status) in page
        assert code.name in page
    assert all(f'id="{name}"' in client.get("/docs/errors").content.decode() for name in CODES)
    assert set(OF_STATUS.values()) <= set(CODES)
    assert client.get("/docs/errors/nothing").status_code == 404
