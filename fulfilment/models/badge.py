from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone


class BadgeQuerySet(models.QuerySet):
    def by_secret(self, secret):
        """Return the Badge that is printed with `secret`, of a user who may still work here, or None."""
        rows = self.filter(secret_hash=hash_of(secret), user__is_active=True, user__is_staff=True)
        return rows.select_related("user").first()


class Badge(models.Model):
    """What a person scans to work at a shared device; a new one ends the old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="badge")
    secret_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.CharField(max_length=40)

    objects = BadgeQuerySet.as_manager()

    def __str__(self):
        return f"badge of {self.user}"


def hash_of(secret):
    """Return what is kept of a badge's secret."""
    return sha256(secret.encode()).hexdigest()
