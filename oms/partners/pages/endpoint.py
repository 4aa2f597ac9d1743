"""An endpoint in the console: what it was sent, try by try, and what can be done about it."""

from datetime import timedelta

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from oms.lib.console import actor_of, at_once, console_page, form_page, say, show
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.services import replay
from oms.partners.services.webhooks import rotate_secret, switch_off, switch_on

LOOK, CHANGE = "partners.view_webhookendpoint", "partners.change_webhookendpoint"
SHOWN = 50  # messages


class ReplayForm(forms.Form):
    since = forms.DateTimeField(label="From", widget=forms.DateTimeInput({"type": "datetime-local"}))
    until = forms.DateTimeField(label="To", widget=forms.DateTimeInput({"type": "datetime-local"}))
    only_missed = forms.BooleanField(
        label="Only what was given up or missed", required=False, initial=True, help_text="else also what it took"
    )


class OffForm(forms.Form):
    reason = forms.CharField(max_length=200, label="Why is it to be told nothing more?")


class OnForm(forms.Form):
    replay_missed = forms.BooleanField(label="Send what it missed, too", required=False, initial=True)


@require_safe
@console_page(LOOK)
def log(request, pk):
    """Show how an endpoint stands and its newest messages with their tries, those in `state` only where it is given."""
    found = _endpoint(pk)
    state = request.GET.get("state", "")
    messages = found.messages.order_by("-pk").with_tries()
    if state in WebhookMessage.STATES:
        messages = messages.in_state(state)
    context = {
        "endpoint": standing(found, timezone.now()),
        "messages_shown": messages[:SHOWN],
        "states": WebhookMessage.STATES.items(),
        "state": state,
        "missed": found.messages.dead().exists(),
        "may_change": request.user.has_perm(CHANGE),
    }
    return show(request, "partners/console/endpoint.html", title=f"{found.partner}: {found}", **context)


@require_POST
@console_page(CHANGE)
def test(request, pk):
    """Have the endpoint sent a test event."""
    _endpoint(pk)
    said = "A test is on its way: its line below says what became of it."
    return at_once(request, lambda: replay.send_test(pk, actor=actor_of(request)), said=said, back_to=_page(pk))


@require_POST
@console_page(CHANGE)
def redeliver_one(request, pk):
    """Have one message sent again."""
    message = get_object_or_404(WebhookMessage, pk=pk)
    said = f"{message} is sent again."
    page = _page(message.endpoint_id)
    return at_once(request, lambda: replay.redeliver(message, actor=actor_of(request)), said=said, back_to=page)


@console_page(CHANGE)
def replay_range(request, pk):
    """Ask for a range of time, and have its messages sent again."""

    def run(cleaned):
        sent = replay.replay(pk, **cleaned, actor=actor_of(request))
        say(request, f"{sent} messages are sent again.")

    now = timezone.localtime()
    initial = {"since": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}", "until": f"{now:%Y-%m-%dT%H:%M}"}
    form = ReplayForm(request.POST or None, initial=initial | {"only_missed": True})
    return _ask(request, pk, form, run, title="Send again", button="Send again")


@console_page(CHANGE)
def rotate(request, pk):
    """Ask whether the secret is to be replaced, and show the new one once."""

    def run(cleaned):
        rotated = rotate_secret(pk, actor=actor_of(request))
        title = f"Secret of {rotated}"
        return show(request, "partners/console/secret.html", title=title, endpoint=rotated, back_to=_page(pk))

    form = forms.Form(request.POST if request.method == "POST" else None)
    return _ask(request, pk, form, run, title="Replace the secret? For 24 hours both sign", button="Replace it")


@console_page(CHANGE)
def off(request, pk):
    """Ask why, and tell the endpoint nothing more."""

    def run(cleaned):
        switch_off(pk, reason=cleaned["reason"], actor=actor_of(request))
        say(request, "It is switched off; what happens meanwhile is kept for 30 days.")

    return _ask(request, pk, OffForm(request.POST or None), run, title="Switch off", button="Switch off")


@console_page(CHANGE)
def on(request, pk):
    """Ask whether what it missed is to be sent, and tell the endpoint again."""

    def run(cleaned):
        sent = switch_on(pk, replay_missed=cleaned["replay_missed"], actor=actor_of(request))
        say(request, f"It is switched on; {sent} missed messages are sent.")

    form = OnForm(request.POST if request.method == "POST" else None)
    return _ask(request, pk, form, run, title="Switch on", button="Switch on")


def standing(endpoint, now):
    """Return the endpoint with what its state is made of: `is_put_off` and `backlog`."""
    endpoint.is_put_off, endpoint.backlog = endpoint.is_put_off_at(now), endpoint.messages.backlog()
    return endpoint


def _ask(request, pk, form, run, *, title, button):
    found = _endpoint(pk)
    return form_page(request, form, run=run, title=f"{title}: {found}", button=button, back_to=_page(pk))


def _endpoint(pk):
    return get_object_or_404(WebhookEndpoint.objects.select_related("partner"), pk=pk)


def _page(pk):
    return reverse("partners:endpoint", args=[pk])
