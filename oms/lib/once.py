"""What a form of the console asks for is done once, however often its page is sent.

Each page carries a key. Who does what it asks for keeps the key in the same transaction, so that there is never one
without the other; a key that is there already is refused by the database. It lies among Django's sessions, as the
key of one that holds nothing: they are unique, and forgotten in time.
"""

from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.utils import timezone

from oms.lib.commands import atomically

KEPT = timedelta(days=14)
PREFIX = "once"  # no session's own key is so long


class Done(Exception):
    """It was done already."""


def new_key():
    return uuid4().hex


def key_of(key, part):
    """Return the key of one `part` of what a page with `key` asks for, where each is done by itself."""
    return uuid5(UUID(key), str(part)).hex if _is_key(key) else ""


def is_done(key):
    """Return whether what was sent with `key` is done."""
    return _is_key(key) and Session.objects.filter(pk=PREFIX + key).exists()


def once(key, run):
    """Return `run()`, and keep `key` in its transaction; raises Done where it is kept, and does nothing.

    Of several at once one runs, and the others wait for it. What `run` raises leaves the key free. Without a sound
    key nothing is kept.
    """
    if not _is_key(key):
        return run()

    def execute():
        try:
            Session(PREFIX + key, "", timezone.now() + KEPT).save(force_insert=True)
        except IntegrityError:
            raise Done from None  # the transaction is of no use any more and ends with it
        return run()

    return atomically(execute)


def forget_expired():
    """Forget the keys, and the sessions, whose time is over."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _is_key(key):
    try:
        return UUID(key).hex == key
    except ValueError:
        return False
