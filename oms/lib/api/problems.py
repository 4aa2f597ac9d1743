"""Every error of the API as problem details: RFC 9457, `application/problem+json`."""

import logging
import re
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import JsonResponse
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.views import exception_handler as default_handler

from oms.lib.errors import DomainError, Retry

logger = logging.getLogger(__name__)


def exception_handler(error, context):
    """Answer `error` as a problem; what nobody foresaw is logged and says no more than that it happened."""
    request = context["request"]
    if isinstance(error, DomainError):
        errors = {error.field: [error.message]} if error.field else None
        return problem(request, error.status, error.message, errors=errors, code=_code(error))
    if isinstance(error, (Retry, OperationalError)):
        logger.error("The database could not serve %s.", request.path, exc_info=error)
        return problem(request, 503, "Too busy: try again.", headers={"Retry-After": "1"})
    if isinstance(error, SuspiciousOperation):
        return problem(request, 400, "The request is not acceptable.")
    response = default_handler(error, context)
    if response is None:
        logger.error("Failed to serve %s.", request.path, exc_info=error)
        return problem(request, 500, "Something went wrong on our side; it was recorded under the request's id.")
    if isinstance(error, ValidationError):
        errors = flat(response.data)
        return problem(request, 400, "Some of what was sent is not valid: see `errors`.", errors=errors)
    detail = str(error.detail) if isinstance(error, APIException) else str(response.data.get("detail", ""))
    return problem(request, response.status_code, detail, headers=response.headers)


def no_such_resource(request, **kwargs):
    """Answer an address below /api/ that is none."""
    return problem(request, 404, "There is no such resource: see the API's documentation.")


def problem(request, status, detail, *, errors=None, code=None, headers=None):
    """Return the response of a problem; `errors` is {path of the field, such as lines.0.sku: [text]}.

    `type` is about:blank where the status says it all, and else names the business rule.
    """
    body = {
        "type": f"urn:oms:problem:{code}" if code else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if errors:
        body["errors"] = errors
    kept = {name: value for name, value in (headers or {}).items() if name in {"WWW-Authenticate", "Retry-After"}}
    kept |= {"Allow": headers["Allow"]} if headers and "Allow" in headers else {}
    return JsonResponse(body, status=status, headers=kept, content_type="application/problem+json")


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


def _code(error):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
