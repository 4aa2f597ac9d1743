from datetime import timedelta
from ipaddress import ip_network

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
MOST_NETWORKS = 50


@command
def create_key(partner, *, name, scopes, expires_at=None, networks=(), actor=""):
    """Make an API key of `partner` with `scopes` and return (PartnerKey, the key itself).

    With `networks` (["192.0.2.0/24"]) it is refused from other addresses. The key cannot be had again: only its
    hash is kept. Raises Invalid for an unknown scope, a network that is none, or an end that is past.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Invalid(f"Unknown scope {', '.join(unknown) or '(none)'}.", field="scopes")
    if expires_at and expires_at <= timezone.now():
        raise Invalid("The key would have ended already.", field="expires_at")
    fields = {"scopes": sorted(set(scopes)), "networks": known_networks(networks), "expiry_date": expires_at}
    row, key = PartnerKey.objects.create_key(partner=partner, name=name, **fields)
    publish("key.created", f"partner:{partner.pk}", actor=actor, key=row.prefix)
    return row, key


def known_networks(texts):
    """Return networks as CIDR, each once; raises Invalid for what is none, or more than MOST_NETWORKS."""
    try:
        found = sorted({str(ip_network(text.strip())) for text in texts})
    except ValueError as error:
        raise Invalid(f"Not a network such as 192.0.2.0/24: {error}.", field="networks") from None
    if len(found) > MOST_NETWORKS:
        raise Invalid(f"At most {MOST_NETWORKS} networks.", field="networks")
    return found


@command
def restrict_key(row, *, networks, actor=""):
    """Refuse the key from addresses outside `networks` from now on; none: take it from anywhere."""
    networks = known_networks(networks)
    PartnerKey.objects.filter(pk=row.pk).update(networks=networks)
    publish("key.restricted", f"partner:{row.partner_id}", actor=actor, key=row.prefix, networks=networks)
    transaction.on_commit(forget_keys)


@command
def revoke_key(row, *, actor=""):
    """Refuse a key from now on: at once in this process, within half a minute in the others. Cannot be undone."""
    if PartnerKey.objects.filter(pk=row.pk, revoked=False).update(revoked=True):
        publish("key.revoked", f"partner:{row.partner_id}", actor=actor, key=row.prefix)
    transaction.on_commit(forget_keys)


@command
def rotate_key(row, *, actor=""):
    """Return (PartnerKey, the key itself) of a new key that may do the same; the old one ends in 24 hours.

    One that ends lives as long as the old one was to. Raises InvalidTransition for a key that was revoked.
    """
    now = timezone.now()
    ends, lives = now + OVERLAP, row.expiry_date and row.expiry_date - row.created
    if row.revoked:
        raise InvalidTransition("This key was revoked: create a new one.")
    if row.expiry_date is None or row.expiry_date > ends:
        PartnerKey.objects.filter(pk=row.pk).update(expiry_date=ends)
    transaction.on_commit(forget_keys)
    fields = {"name": row.name, "scopes": row.scopes, "networks": row.networks}
    return create_key(row.partner, **fields, expires_at=now + lives if lives else None, actor=actor)
