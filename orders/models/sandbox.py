from django.db import models

from oms.lib.money import MoneyField


class SandboxMovement(models.Model):
    """What the test gateway did for a key, as a provider would remember it; `calls` counts how often it was asked."""

    key = models.CharField(max_length=40, unique=True)
    operation = models.CharField(max_length=10)
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=100)
    is_refused = models.BooleanField(default=False)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.operation} {self.amount} {self.currency}, asked {self.calls} times"
