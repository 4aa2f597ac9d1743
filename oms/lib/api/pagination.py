from base64 import b64decode

from django.core.exceptions import ValidationError as ModelError
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from oms.lib.text import is_clean


class Cursor(pagination.CursorPagination):
    """Pages by key, newest first: a deep page costs what the first does, and nothing is counted.

    A view sets `ordering` to one unique column that an index serves. Answers `next`, `previous` (addresses
    or null) and `results`. A cursor or page size that makes no sense is refused with 400.
    """

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-pk"
    template = None

    def paginate_queryset(self, queryset, request, view=None):
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, ModelError):
            raise ValidationError({"cursor": ["Unknown cursor: take it from `next` or `previous`."]}) from None

    def get_ordering(self, request, queryset, view):
        """Return the view's own `ordering`, or newest first; never one that the request chose."""
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def decode_cursor(self, request):
        sent = request.query_params.get(self.cursor_query_param)
        if sent is not None and not b64decode(sent, validate=True):
            raise ValueError("not a cursor")
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise ValueError("not a cursor") from None
        if cursor and cursor.position is not None and not is_clean(cursor.position):
            raise ValueError("not a cursor")
        return cursor

    def get_page_size(self, request):
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: [f"A number from 1 to {self.max_page_size}."]})
        return int(asked)

    def get_paginated_response(self, data):
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})

    def get_paginated_response_schema(self, schema):
        """Return the shape of a page, as OpenAPI 3.1 says that something may be null."""
        address = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "next": address | {"description": "the next page; null: this is the last"},
            "previous": address | {"description": "the page before"},
            "results": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}
