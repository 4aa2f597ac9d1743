"""Pages of our own inside the console: who may see them, the frame around them, and the way back."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from oms.lib.errors import DomainError
from oms.lib.once import Done, is_done, new_key, once

UNDO_SECONDS = 10


def console_page(permission):
    """Make a view a page of the console for staff with `permission` ("orders.view_order").

    Strangers are asked to log in, staff without it get 403.
    """

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        page = admin.site.admin_view(checked)
        page.permission = permission
        return page

    return decorate


def show(request, template, *, title, status=200, **context):
    """Answer with `template` inside the console, or as the content of a dialog when the page asks for one.

    The template extends `frame`.
    """
    frame = "oms/dialog.html" if "X-Dialog" in request.headers else "oms/page.html"
    context = {**admin.site.each_context(request), "frame": frame, "title": title, "next": way_back(request), **context}
    return TemplateResponse(request, template, context, status=status)


def actor_of(request):
    """Return how services call the one who asks: "user:3"."""
    return f"user:{request.user.pk}"


def posted_id(request, name):
    """Return the id that the request posts as `name`; 0, which no row has, for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def way_back(request, default=""):
    """Return the page of ours that the request names as `next`, or `default`."""
    url = request.POST.get("next") or request.GET.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else default


def back(request, default):
    """Go back to where the action was called: same filter, same page."""
    return HttpResponseRedirect(way_back(request, default))


def say(request, text):
    messages.success(request, text)


def alarm(request, error):
    """Show a DomainError as a message; the field that it names is the API's, whose names nobody here has seen."""
    messages.error(request, error.message)


def say_undoable(request, text, *, url, **fields):
    """Show `text` with an Undo button for UNDO_SECONDS, which posts `fields` to `url`."""
    context = {"text": text, "url": url, "fields": fields, "seconds": UNDO_SECONDS}
    context |= {"token": get_token(request), "once": new_key()}
    messages.info(request, render_to_string("oms/undo.html", context))


def form_page(
    request, form, *, run, title, back_to, template="oms/form.html", button="Save", only_reads=False, **context
):
    """Show `form`; when it is sent and sound, `run(cleaned data)` and go back.

    A DomainError of `run` stands at the field it names, and nothing that was typed is lost. What `run`
    returns, where it is a response, is the answer. A page that is sent again after it was done says so and does
    nothing. One that `only_reads` a file, or asks somebody over the network, is in no transaction and may be repeated.
    """
    key = request.POST.get("once") or new_key()
    if request.method == "POST" and is_done(key):
        return _done_already(request, back_to)
    if request.method == "POST" and form.is_valid():
        try:
            answer = run(form.cleaned_data) if only_reads else once(key, lambda: run(form.cleaned_data))
        except Done:
            return _done_already(request, back_to)
        except DomainError as error:
            blame(form, error)
        else:
            return answer or back(request, back_to)
    context = {"form": form, "button": button, "back_to": back_to, "once": key, **context}
    status = 422 if form.errors else 200
    return show(request, template, title=title, status=status, **context)


def _done_already(request, back_to):
    messages.warning(request, "This was done already.")
    return back(request, back_to)


def at_once(request, run, *, said, back_to):
    """Do `run()` when it is posted, say `said` or why it was refused, and go back."""
    if request.method == "POST":
        try:
            run()
            say(request, said)
        except DomainError as error:
            alarm(request, error)
    return back(request, back_to)


def blame(form, error):
    """Put a DomainError to the field of `form` that it names, or above all fields.

    A form whose fields are not called as the service's has `field_of(name)`.
    """
    field = form.field_of(error.field) if hasattr(form, "field_of") else error.field
    form.add_error(field if field in form.fields else None, error.message)
