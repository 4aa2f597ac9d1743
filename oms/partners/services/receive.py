from django.conf import settings

from oms.lib.commands import command
from oms.lib.errors import NotFound
from oms.outbox.publish import publish
from oms.partners.models import InboundMessage
from oms.partners.signatures import SCHEMES, standard

KEPT_HEADERS = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature", "x-hmac-signature")


@command
def receive(source, *, body, headers):
    """Store a webhook of `source` that came in, and publish `<source>.received`; returns (row, is it new).

    It must be signed over the raw bytes `body` with the secret in settings.INBOUND_SECRETS, by the scheme of
    its source (signatures.SCHEMES, else the Standard Webhooks). The same id a second time returns the
    first row. Raises NotFound for an unknown source, BadSignature, and Invalid for a body without an id.
    """
    secret = settings.INBOUND_SECRETS.get(source)
    if not secret:
        raise NotFound("There is no such source.")
    headers = {name.lower(): value for name, value in headers.items()}
    external_id = SCHEMES.get(source, standard)(secret, body, headers)
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    message, created = InboundMessage.objects.get_or_create(
        source=source, external_id=external_id, defaults={"body": body, "headers": kept}
    )
    if created:
        publish(f"{source}.received", f"inbound:{source}", message=message.pk)
    return message, created
