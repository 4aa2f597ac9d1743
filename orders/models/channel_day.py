from django.db import models
from django.utils import timezone

from orders.models.connection import Connection


class ChannelDayQuerySet(models.QuerySet):
    def differing(self):
        """Days of which the shop has another count or total than we."""
        return self.exclude(differences=[])


class ChannelDay(models.Model):
    """A day's orders of a shop beside ours, compared in the night after it; what was missing has been fetched then."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="days")
    day = models.DateField(help_text="of the seller's time zone")
    shop_count = models.PositiveIntegerField(default=0)
    our_count = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list, help_text="[{external_id, number, what}], the first of them")
    compared_at = models.DateTimeField(default=timezone.now)

    objects = ChannelDayQuerySet.as_manager()

    class Meta:
        verbose_name = "day of a channel"
        verbose_name_plural = "days of channels"
        ordering = ["-day", "connection"]
        constraints = [models.UniqueConstraint(fields=["connection", "day"], name="channel_day_once")]

    def __str__(self):
        return f"{self.connection} {self.day}"
