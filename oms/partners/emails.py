"""What partners are told by e-mail: one function a message, each returns it unsent."""

from django.template.loader import render_to_string

from oms.papers.base import Mail
from oms.partners.models import WebhookEndpoint

TEMPLATE = "partners/emails/webhook_switched_off"


def webhook_switched_off(object_id, message):
    """Your endpoint failed for so long that we send nothing to it any more; how to have it back."""
    endpoint = WebhookEndpoint.objects.select_related("partner").get(pk=object_id)
    context = {"endpoint": endpoint, "partner": endpoint.partner, "brand": {}}
    return Mail(
        to=endpoint.partner.email,
        subject=render_to_string(f"{TEMPLATE}.subject.txt", context).strip(),
        text=render_to_string(f"{TEMPLATE}.txt", context).strip() + "\n",
        html=render_to_string(f"{TEMPLATE}.html", context),
        language=message.language,
    )
