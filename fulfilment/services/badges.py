"""Badges: a barcode that logs its owner in at the floor's devices, and opens nothing but the floor."""

from secrets import choice

from fulfilment.models import Badge
from fulfilment.models.badge import hash_of
from oms.lib.commands import command
from oms.lib.errors import Invalid

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike
LENGTH = 12  # 60 bits: nobody guesses one
WORK = ("fulfilment.change_picktask", "fulfilment.pack_parcel", "inventory.receive_stock")


@command
def issue(user, *, actor):
    """Give `user` a badge and return its secret, which is shown this once; his old one is dead.

    Raises Invalid for somebody who does not work on the floor, and for those who may do everything.
    """
    if not user.is_active or user.is_superuser or not any(user.has_perm(name) for name in WORK):
        raise Invalid(f"{user} has no work on the floor: a badge would open nothing.", field="user")
    secret = "".join(choice(LETTERS) for _ in range(LENGTH))
    Badge.objects.update_or_create(user=user, defaults={"secret_hash": hash_of(secret), "issued_by": actor})
    return secret


@command
def withdraw(user_id):
    """End the badge of a user; without one nothing happens."""
    Badge.objects.filter(user=user_id).delete()
