"""The pages of rows in the console: each opens for who may see it, with rows in what it lists."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.test import Client, RequestFactory


def pages_that_fail():
    """Open the page of a row of each model; returns ([(login, address, status)], how many opened).

    The administrator opens all, the others one after another each their part; who may not see the row is refused.
    """
    failed, opened = [], 0
    first, *others = User.objects.order_by("-is_superuser", "pk")
    consoles = list(admin.site._registry.values())
    parts = [(first, consoles), *((user, consoles[n :: len(others)]) for n, user in enumerate(others))]
    for user, some in parts:
        request, client = RequestFactory().get("/"), Client(raise_request_exception=False)
        request.user = user
        client.force_login(user)
        for console in some:
            if row := _fullest(console, request):
                address = f"/admin/{console.opts.app_label}/{console.opts.model_name}/{row.pk}/change/"
                status, may = client.get(address).status_code, console.has_view_permission(request, row)
                opened += may
                failed += [] if status == (200 if may else 403) else [(user.username, address, status)]
    return failed, opened


def _fullest(console, request):
    """Return a row of `console` with rows in as many of its inlines as there is one, or None."""
    rows = console.model.objects.order_by("pk")
    for inline in console.get_inline_instances(request):
        parents = (field.name for field in inline.opts.fields if field.related_model is console.model)
        name = inline.fk_name or next(parents)
        filled = rows.filter(Exists(inline.model.objects.filter(**{name: OuterRef("pk")})))
        rows = filled if filled.exists() else rows
    return rows.first()
