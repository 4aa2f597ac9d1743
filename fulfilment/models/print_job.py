from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.station import Station
from oms.lib.errors import InvalidTransition
from oms.papers.models import Document

CONFIRMED_WITHIN = timedelta(seconds=30)


class PrintJobQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status=PrintJob.Status.QUEUED)

    def doubtful(self):
        """Those of which nobody knows whether they came out: only a person at the printer does."""
        silent = Q(status=PrintJob.Status.SENT, sent_at__lt=timezone.now() - CONFIRMED_WITHIN)
        return self.filter(silent | Q(status=PrintJob.Status.DOUBTFUL))

    def troubled(self):
        """Those that somebody at the station must look at."""
        return self.doubtful() | self.filter(status=PrintJob.Status.FAILED)


class PrintJob(models.Model):
    """One print of a document at a station: copy 0 is the first one, copy n is marked REPRINT n.

    A copy is printed by one job only. It is handed to the station's agent once; when that falls silent, the
    job is never sent again by itself: a person says whether it came out, and another print is another copy.
    """

    class Kind(models.TextChoices):
        LABEL = "label"
        PAPER = "paper"

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent", "with the printer"
        PRINTED = "printed"
        DOUBTFUL = "doubtful", "perhaps printed"
        FAILED = "failed", "not printed"
        LOST = "lost", "did not come out"

    NEXT = {
        Status.QUEUED: {Status.SENT, Status.LOST},
        Status.SENT: {Status.PRINTED, Status.DOUBTFUL, Status.FAILED, Status.LOST},
        Status.DOUBTFUL: {Status.PRINTED, Status.LOST},
        Status.FAILED: {Status.QUEUED, Status.LOST},
        Status.PRINTED: set(),
        Status.LOST: set(),
    }

    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="jobs", help_text="none: on a sheet of labels"
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="print_jobs", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind)
    copy = models.PositiveSmallIntegerField(default=0, help_text="0: the first; n: marked REPRINT n")
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED, editable=False)
    error = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "copy"], name="print_job_copy_once"),
            models.CheckConstraint(
                condition=Q(station__isnull=False) | Q(status="printed"), name="print_job_without_station_is_printed"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "id"], name="print_job_open", condition=~Q(status__in=["printed", "lost"]))
        ]

    def __str__(self):
        return f"{self.document}, reprint {self.copy}" if self.copy else str(self.document)

    def move_to(self, status, error=""):
        """Set `status` on a locked job; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            state = self.get_status_display().lower()
            raise InvalidTransition(f"{self} is {state} and cannot become {self.Status(status).label.lower()}.")
        self.status, self.error = status, error[:200]
        now = timezone.now()
        if status == self.Status.SENT:
            self.sent_at = now
        if status in (self.Status.PRINTED, self.Status.LOST):
            self.done_at = now
        self.save(update_fields=["status", "error", "sent_at", "done_at"])
