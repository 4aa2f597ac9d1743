"""Every error of the API as problem details: RFC 9457, `application/problem+json`."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.views import exception_handler as default_handler

from oms.lib.api.codes import OF_STATUS, code_of
from oms.lib.errors import DomainError, Retry

logger = logging.getLogger(__name__)


def exception_handler(error, context):
    """Answer `error` as a problem; what nobody foresaw is logged and says no more than that it happened."""
    request = context["request"]
    if isinstance(error, DomainError):
        return problem(request, **described(error))
    if isinstance(error, (Retry, OperationalError)):
        logger.error("The database could not serve %s.", request.path, exc_info=error)
        return problem(request, **described(error), headers={"Retry-After": "1"})
    if isinstance(error, SuspiciousOperation):
        return problem(request, 400, "The request is not acceptable.")
    if isinstance(error, Http404):  # whose own words name a model
        return problem(request, 404, "There is no such row, or this key may not see it.")
    response = default_handler(error, context)
    if response is None:
        logger.error("Failed to serve %s.", request.path, exc_info=error)
        return problem(request, 500, "Something went wrong on our side; it was recorded under the request's id.")
    if isinstance(error, ValidationError):
        return problem(request, **described(error))
    detail = str(error.detail) if isinstance(error, APIException) else str(response.data.get("detail", ""))
    return problem(request, response.status_code, detail, headers=response.headers)


def described(error):
    """Return what `problem` and `body_of` say of an error that is the caller's, or of a busy database."""
    if isinstance(error, DomainError):
        errors = {error.field: [error.message]} if error.field else None
        return {"status": error.status, "detail": error.message, "errors": errors, "code": code_of(error)}
    if isinstance(error, ValidationError):
        text = "Some of what was sent is not valid: see `errors`."
        return {"status": 400, "detail": text, "errors": flat(error.detail), "code": "malformed"}
    return {"status": 503, "detail": "Too busy: try again.", "code": "busy"}


@csrf_exempt
def no_such_resource(request, **kwargs):
    """Answer an address below /api/ that is none."""
    return problem(request, 404, "There is no such resource: see the API's documentation.")


def problem(request, status, detail, *, errors=None, code=None, headers=None):
    """Return the response of a problem; `errors` is {path of the field, such as lines.0.sku: [text]}."""
    body = body_of(status, detail, errors=errors, code=code) | {"instance": request.path}
    kept = {name: value for name, value in (headers or {}).items() if name in {"WWW-Authenticate", "Retry-After"}}
    kept |= {"Allow": headers["Allow"]} if headers and "Allow" in headers else {}
    return JsonResponse(body, status=status, headers=kept, content_type="application/problem+json")


def body_of(status, detail, *, errors=None, code=None):
    """Return the problem itself: `code` is stable, and `type` the address of the page that explains it."""
    code = code or OF_STATUS.get(status, "error")
    body = {
        "type": f"{settings.SITE_URL}/docs/errors/{code}",
        "code": code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return body | ({"errors": errors} if errors else {})


def flat(detail, path=""):
    """Return DRF's nested errors as {dotted path: [text]}; those of no field stand under an empty path."""
    if isinstance(detail, dict):
        parts = detail.items()
    elif isinstance(detail, list) and any(isinstance(part, (dict, list)) for part in detail):
        parts = enumerate(detail)
    else:
        return {path: [str(part) for part in (detail if isinstance(detail, list) else [detail])]}
    found = {}
    for name, part in parts:
        if part:
            below = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            found |= flat(part, below)
    return found
