"""Actions of the console that ask first: unfold shows the question, and only its answer is a POST."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from unfold.forms import BaseDialogForm

from oms.lib.errors import DomainError


class Sure(BaseDialogForm):
    """A question without fields."""


def question(title, description, *, submit, form=Sure):
    """Return the `dialog` of unfold's @action: the question, what will happen, the word on the button."""
    return {"title": title, "description": description, "form_class": form, "form_submit_text": submit}


def back(request, address):
    """Leave the dialog for `address`, with htmx or without."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def attempt(model_admin, request, service, *args, done, **kwargs):
    """Call a service for the person at the console and say `done`, or why it was refused; returns its result."""
    try:
        result = service(*args, **kwargs)
    except DomainError as error:
        model_admin.message_user(request, error.message, messages.ERROR)
        return None
    model_admin.message_user(request, done, messages.SUCCESS)
    return result


def actor(request):
    """Return how the person at the console stands in an event: user:3."""
    return f"user:{request.user.pk}"
