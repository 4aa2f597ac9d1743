"""Which device somebody logs in from, so that guessing at a name locks the guesser and not its owner.

Failed logins are counted per user and device, never per address: a whole warehouse shares one. A device
from which a user has logged in before carries a signed cookie and has a count of its own; all devices
that are strangers to the user share one, so nothing is won by changing browsers. (OWASP: device cookies.)
"""

import hashlib
import secrets

from django.conf import settings
from django.urls import reverse

A_YEAR = 365 * 24 * 3600


def counted_as(request, credentials):
    """Return the name under which django-axes counts this login: the user's, with a device he knows."""
    username = (credentials or request.POST).get("username") or ""
    device = request.get_signed_cookie(_cookie(username), default="", salt=username, max_age=A_YEAR)
    return f"{username} on {device}" if device else username


def remember(response, username):
    """Let the browser carry the proof that `username` has logged in from it; a second call renews it."""
    response.set_signed_cookie(
        _cookie(username),
        secrets.token_hex(4),
        salt=username,
        max_age=A_YEAR,
        path=reverse("admin:login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _cookie(username):
    return f"device_{hashlib.sha256(username.encode()).hexdigest()[:12]}"
