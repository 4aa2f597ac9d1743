from django.db import models
from django.utils import timezone


class IdempotentRequest(models.Model):
    """A write that was done, and what was answered: who sends it again with its key gets the same answer.

    The row is inserted in the transaction of the effect, so there is never one without the other. For what commits in
    parts it comes first, with no answer yet (`status` 0).
    """

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, help_text="of method, path and body")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "key"], name="idempotent_once")]

    def __str__(self):
        return self.key
