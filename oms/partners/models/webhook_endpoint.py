from base64 import b64encode
from secrets import token_bytes

from django.db import models


def new_secret():
    """Return a secret in the form of the Standard Webhooks: whsec_ and 24 random bytes."""
    return f"whsec_{b64encode(token_bytes(24)).decode()}"


class WebhookEndpointQuerySet(models.QuerySet):
    def hearing(self, name, *, partner):
        """The partner's active endpoints that want event `name` ("order.placed")."""
        endpoints = self.filter(partner=partner, is_active=True).order_by("pk")
        return [endpoint for endpoint in endpoints if endpoint.wants(name)]


class WebhookEndpoint(models.Model):
    """Where a partner wants to be told of its events, signed with `secret`."""

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="endpoints")
    url = models.CharField(max_length=500, verbose_name="URL")
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    events = models.JSONField(default=list, help_text='event names, or "*" for all')
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "url"], name="endpoint_once")]

    def __str__(self):
        return self.url

    @property
    def subject(self):
        return f"endpoint:{self.pk}"

    def wants(self, name):
        """Say whether it is told of event `name`."""
        return "*" in self.events or name in self.events
