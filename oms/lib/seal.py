"""Secrets at rest: sealed with a key that follows from SECRET_KEY, so that a copy of the database does not hold them.

Fernet (https://github.com/fernet/spec): AES-128-CBC and HMAC-SHA256. What was sealed under a key that is in
SECRET_KEY_FALLBACKS now still opens.
"""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from oms.lib.errors import DomainError

PURPOSE = b"oms.lib.seal:"


def seal(text):
    """Return `text` sealed; nothing: nothing."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed):
    """Return what was sealed; raises DomainError when SECRET_KEY was changed since."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise DomainError("SECRET_KEY was changed since this secret was given: give it anew.") from None


def _box():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key):
    return urlsafe_b64encode(hashlib.sha256(PURPOSE + key.encode()).digest())
