from django.db import models


class UsageDay(models.Model):
    """How many calls of the API a partner made on a day (UTC), by what became of them."""

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="usage")
    day = models.DateField()
    ok = models.PositiveIntegerField(default=0, help_text="below 400")
    refused = models.PositiveIntegerField(default=0, help_text="400 to 499")
    failed = models.PositiveIntegerField(default=0, help_text="500 and above")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "day"], name="usage_once_a_day")]

    def __str__(self):
        return f"{self.partner_id} on {self.day}"


class CallError(models.Model):
    """A call of a partner that was refused or failed, as the partner's developer wants to see it.

    Neither query nor body is kept: they may hold names and addresses.
    """

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="call_errors")
    key = models.CharField(max_length=8, blank=True, help_text="prefix of the key")
    at = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    detail = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["partner", "-id"], name="call_error_newest")]

    def __str__(self):
        return f"{self.status} {self.method} {self.path}"
