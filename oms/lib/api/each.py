"""Several things in one call, each done or refused on its own."""

from contextlib import nullcontext

from django.db import connection, transaction
from rest_framework.exceptions import NotFound, ValidationError

from oms.lib.api.problems import body_of, described
from oms.lib.errors import DomainError, Retry


def each(things, act):
    """Call `act(thing)` for each of `things`; returns [None, or the problem of the one that was refused]."""
    return [_attempt(thing, act) for thing in things]


def _attempt(thing, act):
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            act(thing)
    except NotFound as error:
        return body_of(404, str(error.detail))
    except (DomainError, ValidationError, Retry) as error:
        return body_of(**described(error))
    return None
