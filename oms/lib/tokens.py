"""Links that nobody can guess or alter, and that end: the value itself, signed with SECRET_KEY."""

from datetime import UTC, datetime

from django.core import signing

from oms.lib.errors import NotFound


class DeadLink(NotFound):
    """The link was altered, or is over."""


def sign(purpose, value, *, expires):
    """Return a token, fit for an address, of `value` (a number or short text) for `purpose` ("customer").

    A token for one purpose is none for another. `expires` is an aware moment.
    """
    return signing.dumps([value, int(expires.timestamp())], salt=f"oms.{purpose}", compress=False)


def read(purpose, token):
    """Return the value of a token; raises DeadLink when it is not ours, for another purpose, or over."""
    try:
        value, ends = signing.loads(token, salt=f"oms.{purpose}")
    except signing.BadSignature:
        raise DeadLink("This link is not valid. Please use the one from your latest e-mail.") from None
    if datetime.now(UTC).timestamp() >= ends:
        raise DeadLink("This link has ended. Please use the one from your latest e-mail.")
    return value
