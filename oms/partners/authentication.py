"""Who calls: `Authorization: Bearer <key>` (or `Api-Key <key>`) is a partner's program."""

from functools import lru_cache
from time import monotonic

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

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

    def __str__(self):
        return self.partner.code


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        """Return (PartnerUser, PartnerKey), or None without a key; a bad one is refused with 401."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        try:
            user = _user(text.strip(), monotonic() // KEPT_S)
        except PartnerKey.DoesNotExist:
            raise AuthenticationFailed("This API key is unknown or was revoked.") from None
        if user.key.has_expired:
            raise AuthenticationFailed("This API key has expired.")
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
    keys = PartnerKey.objects.get_usable_keys().select_related("partner").filter(partner__is_active=True)
    key = keys.get(prefix=prefix)
    if not key.is_valid(text):
        raise PartnerKey.DoesNotExist
    return PartnerUser(key)


class KeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document tells of it."""

    target_class = KeyAuthentication
    name = "partnerKey"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "The key of a partner, as it was shown once."}
