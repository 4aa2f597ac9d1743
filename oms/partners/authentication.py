"""Who calls: `Authorization: Bearer <key>` (or `Api-Key <key>`) is a partner's program."""

from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from time import monotonic

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.throttling import BaseThrottle

from oms.partners.models import PartnerKey

SCHEMES = {"bearer", "api-key"}
KEPT_S = 30  # a revoked key dies at once in the process that revoked it, and within this time in the others


class PartnerUser:
    """The partner behind a key, in the place of a user."""

    is_authenticated = is_active = True
    is_anonymous = is_staff = is_superuser = False
    pk = None

    def __init__(self, key):
        self.key = key
        self.partner = key.partner
        self.scopes = frozenset(key.scopes)
        self.actor = f"partner:{self.partner.pk}"
        self.networks = [ip_network(network) for network in key.networks]

    def is_usable_at(self, now):
        return self.partner.is_active and self.key.state_at(now) == "usable"

    def check(self, now, address):
        """Raise, saying why, when the key may not be used `now` or from `address` (text)."""
        if not self.partner.is_active:
            raise AuthenticationFailed(f"The access of {self.partner} is switched off.")
        if self.key.revoked:
            raise AuthenticationFailed("This API key was revoked.")
        if not self.is_usable_at(now):
            raise AuthenticationFailed(f"This API key expired on {self.key.expiry_date:%Y-%m-%d at %H:%M} UTC.")
        if self.networks and not self._is_from_one(address):
            raise PermissionDenied(f"This API key may not be used from {address or 'an unknown address'}.")

    def _is_from_one(self, address):
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        ip = getattr(ip, "ipv4_mapped", None) or ip
        return any(ip in network for network in self.networks)

    def __str__(self):
        return self.partner.code


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        """Return (PartnerUser, PartnerKey), or None without a key.

        A bad one is refused with 401, one from an address that is not its own with 403.
        """
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        try:
            user = _user(text.strip(), monotonic() // KEPT_S)
        except PartnerKey.DoesNotExist:
            raise AuthenticationFailed("This API key is unknown.") from None
        request._request.partner_user = user  # whose call is counted, refused or not
        user.check(datetime.now(UTC), BaseThrottle().get_ident(request))
        return user, user.key

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


def forget_keys():
    """Look every key up anew: called when one was revoked or a partner was changed."""
    _user.cache_clear()


@lru_cache(maxsize=1000)
def _user(text, period):
    """Return the PartnerUser of a key; `period` only makes what is kept end."""
    prefix, _, secret = text.partition(".")
    if not (prefix.isalnum() and secret.isalnum() and text.isascii() and len(text) < 100):
        raise PartnerKey.DoesNotExist
    key = PartnerKey.objects.select_related("partner").get(prefix=prefix)
    if not key.is_valid(text):
        raise PartnerKey.DoesNotExist
    return PartnerUser(key)


class KeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document tells of it."""

    target_class = KeyAuthentication
    name = "partnerKey"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "The key of a partner, as it was shown once."}
