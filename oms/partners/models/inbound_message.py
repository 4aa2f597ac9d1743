from django.db import models
from django.utils import timezone


class InboundMessage(models.Model):
    """A webhook that came in, as it came: verified before it is stored, once per id of its sender."""

    source = models.CharField(max_length=40, help_text="key of INBOUND_SECRETS")
    external_id = models.CharField(max_length=200)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="inbound_once")]

    def __str__(self):
        return f"{self.source} {self.external_id}"
