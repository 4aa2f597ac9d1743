"""The codes of problems, which never change, and what each means: for programs, the docs and the OpenAPI document."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A kind of problem: when it is answered, and what the caller should do."""

    name: str
    status: int
    when: str
    what_to_do: str
    detail: str  # as an example says it
    field: str = ""


CODES = {
    code.name: code
    for code in (
        Code(
            "malformed",
            400,
            "The body is no JSON that we take, a field is unknown or has another shape than documented, or a filter, "
            "a page size or a cursor makes no sense.",
            "Mend what `errors` names, field by field. The same request will never be taken.",
            "Some of what was sent is not valid: see `errors`.",
            "lines.0.quantity",
        ),
        Code(
            "bad-key",
            400,
            "The header Idempotency-Key is empty, longer than 255 characters, or not plain ASCII.",
            "Send a key such as a UUID.",
            "1 to 255 printable ASCII characters.",
            "Idempotency-Key",
        ),
        Code(
            "unauthenticated",
            401,
            "There is no key in the header Authorization, or it is unknown, revoked or expired.",
            "Send `Authorization: Bearer <key>`. A new key is made in the console, by the merchant.",
            "This API key is unknown or was revoked.",
        ),
        Code(
            "forbidden",
            403,
            "The key is good but lacks the scope of this operation.",
            "Ask the merchant for a key with the scope that `detail` names.",
            "This key lacks the scope orders:write.",
        ),
        Code(
            "not-found",
            404,
            "There is no such thing, or it belongs to somebody else: the two are answered alike.",
            "Look for a typing error. Things of other partners cannot be seen.",
            "There is no such order of yours.",
        ),
        Code(
            "method-not-allowed",
            405,
            "The address is right, the method is not.",
            "Use one of those in the header Allow.",
            'Method "PUT" not allowed.',
        ),
        Code(
            "not-acceptable",
            406,
            "The header Accept asks for something that we do not send.",
            "Accept application/json.",
            "Could not satisfy the request Accept header.",
        ),
        Code(
            "conflict",
            409,
            "A rule of the business stands against it, which `detail` says.",
            "Read the thing again: something else happened to it meanwhile.",
            "This payment is known with another amount.",
        ),
        Code(
            "invalid-transition",
            409,
            "The thing is not in a state in which this can be done: what has left cannot be cancelled.",
            "Read it again and look at its `status`. Trying again does not help.",
            "Order 100007 is closed: there is nothing to cancel.",
        ),
        Code(
            "insufficient-stock",
            409,
            "Fewer pieces are available than asked, and the channel takes no backorders.",
            "Ask /api/v1/availability and order less, or later.",
            "Not enough stock of MUG.",
            "lines",
        ),
        Code(
            "endpoint-exists",
            409,
            "A webhook to this address exists already.",
            "Use the one that is there, or delete it first.",
            "There is an endpoint with this address already.",
            "url",
        ),
        Code(
            "stale",
            412,
            "It was changed since you read it: its version is not the one in If-Match.",
            "Read it again, look whether you still want the change, and send it with the new ETag.",
            "Order 100007 was changed by somebody else meanwhile: look at it again.",
            "version",
        ),
        Code(
            "too-large",
            413,
            "The body has more than 1,000,000 bytes.",
            "Send it in several requests.",
            "The body is larger than 1000000 bytes.",
        ),
        Code(
            "unsupported-media-type",
            415,
            "The body is not application/json.",
            "Send JSON, and say so in Content-Type.",
            'Unsupported media type "text/plain" in request.',
        ),
        Code(
            "invalid",
            422,
            "The shape is right, but it makes no sense: an unknown SKU, a country that does not exist.",
            "Mend the field that `errors` names. The same request will not be taken before something changes here.",
            "There is no SKU MUGG.",
            "lines.0.sku",
        ),
        Code(
            "key-reused",
            422,
            "The Idempotency-Key was used for another request.",
            "One key for one request: method, address and body must be the same when you send it again.",
            "This key was used for another request.",
            "Idempotency-Key",
        ),
        Code(
            "precondition-required",
            428,
            "This change must say which version it was made for.",
            "Send If-Match with the ETag of what you read.",
            "Send If-Match with the ETag of what you read.",
            "If-Match",
        ),
        Code(
            "throttled",
            429,
            "More calls in a minute than one key may make.",
            "Wait as many seconds as Retry-After says. Bulk operations do the same work with fewer calls.",
            "Request was throttled. Expected available in 12 seconds.",
        ),
        Code(
            "error",
            500,
            "Something went wrong on our side. It was recorded under the X-Request-Id of the answer.",
            "Try again with the same Idempotency-Key; if it stays, tell the merchant the X-Request-Id.",
            "Something went wrong on our side; it was recorded under the request's id.",
        ),
        Code(
            "busy",
            503,
            "Too many others wanted the same thing at once.",
            "Send it again after as many seconds as Retry-After says; nothing of it was done.",
            "Too busy: try again.",
        ),
    )
}
# What errors are called that have no class of their own here.
OF_STATUS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "throttled",
    503: "busy",
}


def code_of(error):
    """Return the name of the Code of a DomainError: of its class, or of the nearest above it that has one."""
    for kind in type(error).__mro__:
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
        if name in CODES and CODES[name].status == error.status:
            return name
    return OF_STATUS.get(error.status, "error")
