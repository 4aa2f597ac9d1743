"""States in colour, the same word the same everywhere: red wants a person, amber waits, green is done."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.text import capfirst

BAD = "bad"
WARN = "warn"
GOOD = "good"
BUSY = "busy"
QUIET = "quiet"

TONES = {
    "cancelled": BAD,
    "failed": BAD,
    "refused": BAD,
    "unmapped": BAD,
    "waiting": WARN,
    "ignored": QUIET,
    "dead": BAD,
    "declined": BAD,
    "rejected": BAD,
    "unpaid": WARN,
    "backordered": WARN,
    "partly_paid": WARN,
    "requested": WARN,
    "on_hold": WARN,
    "queued": WARN,
    "cancel_requested": BAD,
    "draft": QUIET,
    "closed": QUIET,
    "nothing": QUIET,
    "none": QUIET,
    "freed": QUIET,
    "refunded": QUIET,
    "partly_refunded": QUIET,
    "returned": QUIET,
    "partly_returned": QUIET,
    "open": QUIET,
    "stopped": QUIET,
    "taken_back": QUIET,
    "suppressed": QUIET,
    "paid": GOOD,
    "shipped": GOOD,
    "delivered": GOOD,
    "captured": GOOD,
    "done": GOOD,
    "sent": GOOD,
    "ready": GOOD,
    "picked": GOOD,
    "made": GOOD,
    "booked": GOOD,
}


@lru_cache(maxsize=1_000, typed=True)  # the same few stand in each row; typed, as safe text is not escaped
def badge(label, tone=BUSY, *, icon="", hint=""):
    """Return `label` on a coloured ground; `icon` is one of Material Symbols, `hint` shows on hovering."""
    sign = format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', icon) if icon else ""
    return format_html('<span class="oms-badge oms-{}" title="{}">{}{}</span>', tone, hint, sign, label)


def state_badge(row, field):
    """Return the badge of a choice field of `row`: its label in the tone of its value."""
    value = getattr(row, field)
    return badge(capfirst(getattr(row, f"get_{field}_display")()), TONES.get(value, BUSY))
