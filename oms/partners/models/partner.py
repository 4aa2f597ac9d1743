from django.db import models
from django.db.models.functions import Upper


class Partner(models.Model):
    """A company that talks to us by API: a channel, a 3PL, a supplier. It sees its own rows only."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True, help_text="no: its keys are refused")
    is_sandbox = models.BooleanField(
        default=False, help_text="its keys are for trying out: no order of it reaches stock, floor or customer"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(Upper("code"), name="partner_code_once")]

    def __str__(self):
        return self.name
