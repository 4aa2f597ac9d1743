"""CSV files put into the console: checked at once, taken when somebody says so."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from oms.lib.errors import Invalid, InvalidTransition

MOST_BYTES = 2**20


def check_file(file):
    """Raise Invalid, naming the field, when an uploaded `file` is no CSV or too large to be read at once."""
    if not file.name.lower().endswith(".csv"):
        raise Invalid("Choose a .csv file.", field="file")
    if file.size > MOST_BYTES:
        raise Invalid(f"The file is over {MOST_BYTES // 2**20} MB: split it.", field="file")


class CheckedUploadQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return upload `pk` locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def forgotten(self, before):
        """Those that were checked before a moment and never taken."""
        return self.filter(status=CheckedUpload.Status.CHECKED, created_at__lt=before)


class CheckedUpload(models.Model):
    """A table from a person's computer, and what taking it would do, then did.

    `rows` is [[line, outcome, its code, in what or why not]] with the outcome refused, created, changed or
    unchanged. The table itself goes when it is taken.
    """

    class Status(models.TextChoices):
        CHECKED = "checked", "waiting for you"
        DONE = "done", "taken"

    name = models.CharField(max_length=200, help_text="as the person's computer calls it")
    content = models.BinaryField(default=bytes)
    status = models.CharField(max_length=7, choices=Status, default=Status.CHECKED)
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = CheckedUploadQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    def check_waiting(self):
        """Raise InvalidTransition when it was taken before."""
        if self.status != self.Status.CHECKED:
            raise InvalidTransition(f"{self} was taken already.")

    def finish(self):
        """Mark a locked upload as taken; raises InvalidTransition when it was before."""
        self.check_waiting()
        self.status, self.done_at = self.Status.DONE, timezone.now()
        self.save(update_fields=["status", "done_at"])

    def drop_table(self):
        """Forget the table; what became of its rows stays."""
        self.content = b""
        self.save(update_fields=["content"])
