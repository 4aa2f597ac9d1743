"""How those who send us webhooks sign them: each scheme proves a message and returns the id that it goes by.

A scheme is called with the secret, the raw bytes of the body and the headers by their lower-case names.
It raises BadSignature, and Invalid when what is signed has no id.
"""

import hashlib
import hmac
import json
import unicodedata

from standardwebhooks import Webhook, WebhookVerificationError

from oms.lib.errors import Invalid
from oms.lib.text import is_clean

LONGEST_ID = 200


class BadSignature(Invalid):
    """The message is not signed with the secret of its source, or long ago."""

    status = 401


def standard(secret, body, headers):
    """Standard Webhooks: https://www.standardwebhooks.com; the id is a header."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise BadSignature(f"The signature does not hold: {error}.") from None
    return headers["webhook-id"][:LONGEST_ID]


def easypost(secret, body, headers):
    """EasyPost: HMAC-SHA256 of the body, keyed with the NFKD form of the secret; the id is the event's own.

    See https://docs.easypost.com/guides/webhooks-guide. It signs no moment: only the id keeps a message
    from being taken twice.
    """
    key = unicodedata.normalize("NFKD", secret).encode()
    wanted = "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    given = headers.get("x-hmac-signature", "")
    # As bytes: compare_digest takes no text beyond ASCII.
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise BadSignature("The signature in X-Hmac-Signature does not hold.")
    return _event_id(body)


def _event_id(body):
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("The body is no JSON.") from None
    found = event.get("id") if isinstance(event, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID or not is_clean(found, multiline=False):
        raise Invalid(f"The event has no id of 1 to {LONGEST_ID} characters.", field="id")
    return found


# Whose webhooks are not signed by the Standard.
SCHEMES = {"easypost": easypost}
