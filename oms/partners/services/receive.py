from django.conf import settings
from standardwebhooks import Webhook, WebhookVerificationError

from oms.lib.commands import command
from oms.lib.errors import Invalid, NotFound
from oms.outbox.publish import publish
from oms.partners.models import InboundMessage

KEPT_HEADERS = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature")


class BadSignature(Invalid):
    """The message is not signed with the secret of its source, or long ago."""

    status = 401


@command
def receive(source, *, body, headers):
    """Store a webhook of `source` that came in, and publish `<source>.received`; returns (row, is it new).

    The signature is that of the Standard Webhooks over the raw bytes `body`, by the secret in
    settings.INBOUND_SECRETS. The same id a second time returns the first row. Raises NotFound for an
    unknown source and BadSignature.
    """
    secret = settings.INBOUND_SECRETS.get(source)
    if secret is None:
        raise NotFound("There is no such source.")
    headers = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise BadSignature(f"The signature does not hold: {error}.") from None
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    message, created = InboundMessage.objects.get_or_create(
        source=source, external_id=headers["webhook-id"][:200], defaults={"body": body, "headers": kept}
    )
    if created:
        publish(f"{source}.received", f"inbound:{source}", message=message.pk)
    return message, created
