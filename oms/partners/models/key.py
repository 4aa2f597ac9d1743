from django.db import models
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager


class PartnerKeyManager(BaseAPIKeyManager):
    def assign_key(self, obj):
        """Give `obj` a new key and return it. Unlike the package's own, the pk has nothing of the key in it."""
        key, obj.prefix, obj.hashed_key = self.key_generator.generate()
        return key


class PartnerKey(AbstractAPIKey):
    """What a partner's program shows to be let in. Only its hash is kept; the key itself is shown once."""

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="keys")
    scopes = models.JSONField(default=list, help_text="names of oms.partners.scopes.SCOPES")
    networks = models.JSONField(default=list, blank=True, help_text="CIDR it may be used from; none: from anywhere")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to half a minute")

    objects = PartnerKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"

    def state_at(self, now):
        """Say whether it can be used `now`: "usable", "revoked" or "expired"."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expiry_date and self.expiry_date <= now else "usable"

    def __str__(self):
        return f"{self.name} ({self.prefix}…)"
