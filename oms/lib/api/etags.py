"""Optimistic locking over HTTP: an ETag is the version of the row (RFC 9110 section 13.1.1)."""

import re

from drf_spectacular.utils import OpenApiParameter

from oms.lib.errors import Invalid

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="the ETag of what you read")
TAG = re.compile(r'"(\d{1,10})"')


class PreconditionRequired(Invalid):
    """A change of this kind must say which version it was made for (RFC 6585 section 3)."""

    status = 428


def with_etag(response, version):
    """Return `response` with the ETag of a row's `version` (a number)."""
    response["ETag"] = f'"{version}"'
    return response


def expected_version(request, *, required=False):
    """Return the version that the request's If-Match names, or None without one or with `*`.

    The service compares it under the row's lock and raises Stale. Raises Invalid for what is no ETag of
    ours, and PreconditionRequired when the header is `required` and missing.
    """
    header = request.headers.get("If-Match")
    if header is None and required:
        raise PreconditionRequired("Send If-Match with the ETag of what you read.", field="If-Match")
    if header in (None, "*"):
        return None
    tag = TAG.fullmatch(header.strip())
    if not tag:
        raise Invalid("If-Match must be the ETag as it was sent, quotes included.", field="If-Match")
    return int(tag[1])
