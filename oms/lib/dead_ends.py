"""Nobody who opens a page in a browser ends at an empty one."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

HOMES = {"/admin/": "admin:index", "/floor/": "floor:home", "/stock/": "stock:home"}


class DeadEnds:
    """Middleware: an address that only does something, opened as a page, leads to the home it belongs to.

    Logging in leads there when what was pressed came after the session had ended: it was not done.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not request.user.is_authenticated:
            return response
        home = next((name for start, name in HOMES.items() if request.path.startswith(start)), None)
        if home is None:
            return response
        messages.error(request, "Nothing was done: press it again.")
        return HttpResponseRedirect(reverse(home))
