"""A form is booked once, however often it is sent: its token says which form, a digest says what was typed."""

from hashlib import sha256

from inventory.models import StockEntry
from oms.lib.errors import Invalid


def key_of(what, token, *typed):
    """Return the key of a booking: `what` it is, the form's `token`, and a digest of all that was `typed`."""
    return f"{what}:{token}#{sha256(repr(typed).encode()).hexdigest()[:16]}"


def is_booked(key):
    """Say whether the ledger has an entry with `key`; raises Invalid as `find_booked` does."""
    return find_booked(StockEntry.objects, key) is not None


def find_booked(rows, key):
    """Return the one of `rows` (a QuerySet) that was booked with `key`, or None.

    Raises Invalid when the same form was booked with something else typed.
    """
    if key is None:
        return None
    form, mark, _ = key.partition("#")
    # No digest sorts after "g"; a range, as LIKE would read the whole ledger.
    found = rows.filter(key__range=(f"{form}#", f"{form}#g")) if mark else rows.filter(key=key)
    booked = found.first()
    if booked and booked.key != key:
        raise Invalid("This form was sent already with other numbers: nothing was booked now. Scan again.")
    return booked
