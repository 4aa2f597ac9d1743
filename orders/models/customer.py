from django.db import models


class Customer(models.Model):
    """Somebody who buys. What an order says of him is a snapshot on the order, not this row."""

    name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    email = models.EmailField(  # noqa: DJ001 (NULL, for a unique key that some rows lack)
        null=True, blank=True, help_text="in lower case"
    )
    phone = models.CharField(max_length=40, blank=True, help_text="E.164 where it could be read")
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    locale = models.CharField(max_length=5, default="en")
    account = models.CharField(  # noqa: DJ001 (NULL, for a unique key that most rows lack)
        max_length=60, null=True, blank=True, help_text="the customer's id at a channel: CHANNEL:id"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["email"], name="customer_once_per_email"),
            models.UniqueConstraint(fields=["account"], name="customer_once_per_account"),
        ]

    def __str__(self):
        return self.name or self.company or self.email or f"customer {self.pk}"
