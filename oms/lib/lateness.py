"""A deadline in words and a colour: late is red, near is amber, each with a sign for who sees no colours."""

from datetime import timedelta

from django.utils import timezone

from oms.lib.badges import BAD, QUIET, WARN, badge
from oms.lib.clock import say_day

NEAR = timedelta(hours=2)


def lateness(moment, *, now=None):
    """Return (tone, icon, words) of the promise `moment`: ("bad", "error", "2 days late")."""
    now = now or timezone.now()
    left = moment - now
    if left < timedelta(0):
        return BAD, "error", f"{span(-left)} late"
    if left < NEAR:
        return WARN, "schedule", f"{span(left)} left"
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if local.date() == today:
        return QUIET, "", f"today {local:%H:%M}"
    if local.date() == today + timedelta(days=1):
        return QUIET, "", "tomorrow"
    return QUIET, "", say_day(local.date(), "D j M" if local.year == today.year else "j M Y")


def span(length):
    """Return a length of time in its one unit that says most: "35 min", "3 h", "2 days"."""
    minutes = max(int(length.total_seconds() // 60), 1)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def late_badge(moment, *, now=None):
    """Return the badge of a promise, or "" where nothing is promised."""
    if moment is None:
        return ""
    tone, icon, words = lateness(moment, now=now)
    local = timezone.localtime(moment)
    return badge(words, tone, icon=icon, hint=f"{say_day(local.date(), 'l j F Y')}, {local:%H:%M}")
