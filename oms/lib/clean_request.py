from django.http import HttpResponseBadRequest

from oms.lib.api.problems import problem
from oms.lib.text import is_clean


class CleanRequest:
    """Refuse addresses with NUL, control or text-direction characters, alike on both databases.

    PostgreSQL raises on a NUL in a comparison; SQLite finds nothing. Bodies are checked where they are read.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_clean(request.path, multiline=False) and _is_clean_query(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return problem(request, 400, "The address has characters that are not allowed.")
        return HttpResponseBadRequest("The address has characters that are not allowed.")


def _is_clean_query(request):
    if "%" not in request.META.get("QUERY_STRING", ""):
        return True  # such characters can only come escaped
    return all(is_clean(name) and is_clean(value) for name, values in request.GET.lists() for value in values)
