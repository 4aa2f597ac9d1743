from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class PartnerKey(AbstractAPIKey):
    """What a partner's program shows to be let in. Only its hash is kept; the key itself is shown once."""

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="keys")
    scopes = models.JSONField(default=list, help_text="names of oms.partners.scopes.SCOPES")

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"
