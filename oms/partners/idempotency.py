"""A write of the API happens once per Idempotency-Key, however often and from wherever it is sent."""

from functools import wraps
from hashlib import sha256

from django.db import IntegrityError
from django.http import HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer

from oms.lib.api.parsing import MAX_BYTES, TooLarge
from oms.lib.commands import atomically
from oms.lib.errors import DomainError, Invalid, Retry
from oms.partners.models import IdempotentRequest

KEPT_HEADERS = ("ETag", "Location")
ANSWER = ("status", "body", "headers")  # fields of IdempotentRequest


class BadKey(Invalid):
    """The header is not usable as a key."""

    status = 400


class KeyReused(Invalid):
    """The key was used for another request: method, path and body must be the same."""


class Done(Exception):
    """The key is there already."""


def idempotent(handler):
    """Make a view's method heed the Idempotency-Key header.

    The same request with the same key is answered with the first answer and `Idempotent-Replayed: true`;
    another one with that key raises KeyReused. Of several at once one is executed and the others wait for
    its answer. A request that failed left nothing and is executed anew. Without the header nothing is kept.
    """

    @wraps(handler)
    def handle(view, request, *args, **kwargs):
        key = _key(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        fingerprint = _fingerprint(request)

        def execute():
            row = _insert(request, key, fingerprint)
            _fill(row, handler(view, request, *args, **kwargs))
            row.save(update_fields=ANSWER)
            return _response(row)

        try:
            return atomically(execute)
        except Done:
            return _replayed(_row(request, key, fingerprint))

    return handle


def idempotent_in_parts(handler):
    """As `idempotent`, for a method that commits its work in parts, each of which is done once whoever repeats it.

    The key is taken before the first part and the answer kept after the last. One that broke off, or several at once,
    do what is left to do; one that is refused as a whole leaves nothing.
    """

    @wraps(handler)
    def handle(view, request, *args, **kwargs):
        key = _key(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        fingerprint = _fingerprint(request)
        try:
            row = atomically(lambda: _insert(request, key, fingerprint))
        except Done:
            row = _row(request, key, fingerprint)
        if row.status:
            return _replayed(row)
        unanswered = IdempotentRequest.objects.filter(pk=row.pk, status=0)
        try:
            _fill(row, handler(view, request, *args, **kwargs))
        except (APIException, DomainError):
            unanswered.delete()
            raise
        is_first = unanswered.update(**{name: getattr(row, name) for name in ANSWER})
        return _response(row) if is_first else _replayed(_row(request, key, fingerprint))

    return handle


def _key(request):
    """Return the Idempotency-Key, or None without one; raises BadKey."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
        raise BadKey("1 to 255 printable ASCII characters.", field="Idempotency-Key")
    return key


def _fingerprint(request):
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        raise TooLarge
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return sha256(whole).hexdigest()


def _insert(request, key, fingerprint):
    row = IdempotentRequest(partner=request.user.partner, key=key, sha256=fingerprint)
    try:
        row.save(force_insert=True)
    except IntegrityError:
        raise Done from None  # the transaction is of no use any more and ends with it
    return row


def _fill(row, response):
    row.status = response.status_code
    row.body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
    row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}


def _row(request, key, fingerprint):
    """Return the row of the key; raises KeyReused when it is another request's."""
    row = IdempotentRequest.objects.filter(partner=request.user.partner, key=key).first()
    if row is None:
        raise Retry("The key was given back just now.")
    if row.sha256 != fingerprint:
        raise KeyReused("This key was used for another request.", field="Idempotency-Key")
    return row


def _replayed(row):
    response = _response(row)
    response["Idempotent-Replayed"] = "true"
    return response


def _response(row):
    return HttpResponse(row.body, status=row.status, content_type="application/json", headers=row.headers)
