from base64 import b64encode
from secrets import token_bytes

from django.db import models
from django.db.models import Exists, OuterRef, Q

from oms.partners.models.webhook_message import WebhookMessage


def new_secret():
    """Return a secret in the form of the Standard Webhooks: whsec_ and 24 random bytes."""
    return f"whsec_{b64encode(token_bytes(24)).decode()}"


class WebhookEndpointQuerySet(models.QuerySet):
    def hearing(self, name, *, partner):
        """The partner's endpoints that want event `name` ("order.placed"), those switched off too."""
        return [endpoint for endpoint in self.filter(partner=partner).order_by("pk") if endpoint.wants(name)]

    def off(self):
        """Those that are told nothing."""
        return self.filter(is_active=False)

    def with_due(self, now):
        """Those that may be called now and for which a message is due."""
        due = WebhookMessage.objects.due(now).filter(endpoint=OuterRef("pk"))
        return self.filter(Q(put_off_until=None) | Q(put_off_until__lte=now), Exists(due), is_active=True)


class WebhookEndpoint(models.Model):
    """Where a partner wants to be told of its events, signed with `secret`.

    After a rotation messages are signed with the previous secret, too, until it ends. `failures` counts those
    in a row, of calls that began after `worked_at`, when the last one began that it took; from some on the endpoint
    is put off: nothing is sent before `put_off_until`, then one probe.
    """

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="endpoints")
    url = models.CharField(max_length=500, verbose_name="URL")
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    events = models.JSONField(default=list, help_text='event names, or "*" for all')
    in_order = models.BooleanField(
        default=False, help_text="events of one subject one after the other: each waits until the one before is taken"
    )
    is_active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True)
    put_off_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_reason = models.CharField(max_length=300, blank=True)
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

    def is_put_off_at(self, now):
        """Say whether nothing is sent to it now, because it failed so often."""
        return self.is_active and self.put_off_until is not None and self.put_off_until > now

    def secrets_at(self, now):
        """Return the secrets that sign a message sent `now`, the newest first."""
        if self.previous_until and now < self.previous_until:
            return [self.secret, self.previous_secret]
        return [self.secret]
