from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish
from oms.partners.authentication import forget_keys
from oms.partners.models import PartnerKey
from oms.partners.scopes import SCOPES

# How long a partner has to put the new key in place of the one that was rotated.
OVERLAP = timedelta(hours=24)


@command
def create_key(partner, *, name, scopes, expires_at=None, actor=""):
    """Make an API key of `partner` with `scopes` and return (PartnerKey, the key itself).

    The key cannot be had again: only its hash is kept. Raises Invalid for an unknown scope.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid(f"Unknown scope {', '.join(unknown) or '(none)'}.", field="scopes")
    row, key = PartnerKey.objects.create_key(
        partner=partner, name=name, scopes=sorted(set(scopes)), expiry_date=expires_at
    )
    publish("key.created", f"partner:{partner.pk}", actor=actor, key=row.prefix)
    return row, key


@command
def revoke_key(row, *, actor=""):
    """Refuse a key from now on: at once in this process, within half a minute in the others. Cannot be undone."""
    if PartnerKey.objects.filter(pk=row.pk, revoked=False).update(revoked=True):
        publish("key.revoked", f"partner:{row.partner_id}", actor=actor, key=row.prefix)
    transaction.on_commit(forget_keys)


@command
def rotate_key(row, *, actor=""):
    """Return (PartnerKey, the key itself) of a new key that may do the same; the old one ends in 24 hours.

    Raises InvalidTransition for a key that was revoked.
    """
    ends = timezone.now() + OVERLAP
    if row.revoked:
        raise InvalidTransition("This key was revoked: create a new one.")
    if row.expiry_date is None or row.expiry_date > ends:
        PartnerKey.objects.filter(pk=row.pk).update(expiry_date=ends)
    transaction.on_commit(forget_keys)
    return create_key(row.partner, name=row.name, scopes=row.scopes, actor=actor)
