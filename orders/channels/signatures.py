"""How platforms sign the webhooks that they send, each as it documents it.

A scheme is called with the secret, the raw bytes of the body and the headers by their lower-case names, and returns
(id of the delivery, topic), "" for what the platform does not say. It raises BadSignature.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

from oms.lib.errors import Invalid
from oms.partners.signatures import BadSignature, standard

Headers = Mapping[str, str]
Scheme = Callable[[str, bytes, Headers], tuple[str, str]]
SECRET_HEADER = "x-webhook-secret"


def shopify(secret: str, body: bytes, headers: Headers) -> tuple[str, str]:
    """https://shopify.dev/docs/apps/build/webhooks/subscribe/https: HMAC-SHA256, base64."""
    _check(secret, body, headers.get("x-shopify-hmac-sha256", ""))
    return headers.get("x-shopify-webhook-id", ""), headers.get("x-shopify-topic", "")


def woocommerce(secret: str, body: bytes, headers: Headers) -> tuple[str, str]:
    """https://woocommerce.com/document/webhooks/: HMAC-SHA256, base64.

    Its delivery id is made of the webhook and the second, so orders of one second share it: the body tells them apart.
    """
    _check(secret, body, headers.get("x-wc-webhook-signature", ""))
    second = headers.get("x-wc-webhook-delivery-id", "")
    name = f"{second[:100]}:{hashlib.sha256(body).hexdigest()}" if second else ""
    return name, headers.get("x-wc-webhook-topic", "")


def bigcommerce(secret: str, body: bytes, headers: Headers) -> tuple[str, str]:
    """Standard Webhooks, keyed with the client secret of the API account; or a header of one's own, see `shared`."""
    if "webhook-signature" not in headers:
        return shared(secret, body, headers)
    return standard(base64.b64encode(secret.encode()).decode(), body, dict(headers)), ""


def shared(secret: str, body: bytes, headers: Headers) -> tuple[str, str]:
    """The secret itself in X-Webhook-Secret, for those who sign nothing or send through a relay of the merchant's."""
    if not hmac.compare_digest(secret.encode(), headers.get(SECRET_HEADER, "").encode()):
        raise BadSignature("X-Webhook-Secret does not hold the secret of this connection.")
    return headers.get("x-webhook-id", ""), headers.get("x-webhook-topic", "")


SCHEMES: dict[str, Scheme] = {"shopify": shopify, "woocommerce": woocommerce, "bigcommerce": bigcommerce}


def verify(kind: str, secret: str, body: bytes, headers: Headers) -> tuple[str, str]:
    """Return (delivery id, topic) of a webhook of platform `kind` that is signed with `secret`; raises BadSignature."""
    if not secret:
        raise BadSignature("This connection has no secret yet.")
    try:
        return SCHEMES.get(kind, shared)(secret, body, headers)
    except BadSignature:
        raise
    except Invalid as error:
        raise BadSignature(error.message) from None


def is_ping(kind: str, body: bytes, headers: Headers) -> bool:
    """Say whether a body only asks if somebody is there: WooCommerce does so, unsigned, before it sends anything."""
    return kind == "woocommerce" and body.startswith(b"webhook_id=") and "x-wc-webhook-signature" not in headers


def _check(secret: str, body: bytes, given: str) -> None:
    wanted = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    # As bytes: compare_digest takes no text beyond ASCII.
    if not hmac.compare_digest(wanted, given.encode()):
        raise BadSignature("The signature does not hold.")
