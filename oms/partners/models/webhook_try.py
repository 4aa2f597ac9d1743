from django.db import models


class WebhookTry(models.Model):
    """One call of an endpoint: what came back and how long it took. The log of deliveries, kept for 30 days."""

    message = models.ForeignKey("partners.WebhookMessage", models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField(help_text="starts again with each redelivery")
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP; none came: see error")
    error = models.CharField(max_length=300, blank=True)
    duration_ms = models.PositiveIntegerField()
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "webhook tries"

    def __str__(self):
        return f"{self.number}: {self.error or self.status}"
