from django.conf import settings
from django.db import models
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from orders.models.connection import Connection
from orders.models.upload import unguessable_path


class SheetMapping(models.Model):
    """Which column of a channel's spreadsheets says what, as it was told last.

    `columns` is {field: title}, `constants` {field: text} of what no column says; the fields are those of
    orders/imports/sheets/fields.py.
    """

    class Dates(models.TextChoices):
        ISO = "iso", "2026-05-31"
        DAY_FIRST = "dmy", "31.05.2026 or 31/05/2026"
        MONTH_FIRST = "mdy", "05/31/2026"

    class Decimals(models.TextChoices):
        EITHER = "any", "9.50 or 9,50, without thousands"
        POINT = "point", "1,234.50"
        COMMA = "comma", "1.234,50"

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="sheet_mapping")
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    dates = models.CharField(max_length=3, choices=Dates, default=Dates.ISO)
    decimals = models.CharField(max_length=5, choices=Decimals, default=Decimals.EITHER)
    saved_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"columns of {self.connection}"


class SheetUploadQuerySet(models.QuerySet):
    def lock(self, pk):
        """Return upload `pk` locked until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def forgotten(self, before):
        """Those that nobody went on with since a moment."""
        waiting = [SheetUpload.Status.MAPPING, SheetUpload.Status.CHECKED]
        return self.filter(status__in=waiting, created_at__lt=before)

    def ended(self):
        status = SheetUpload.Status
        return self.filter(status__in=[status.DONE, status.FAILED, status.DISCARDED])


class SheetUpload(models.Model):
    """A spreadsheet of a channel's orders: its columns are named, it is checked, and imported when somebody says so.

    `mapping` is what it is read with: {columns, constants, dates, decimals} as in SheetMapping. `position` counts the
    orders that are done, of `figures["orders"]`; it moves with what was done of them, in one transaction. The file
    goes when that is over, and the refused rows a week later: both are full of names.
    """

    class Status(models.TextChoices):
        MAPPING = "mapping", "waiting for its columns"
        CHECKING = "checking", "being checked"
        CHECKED = "checked", "waiting for you"
        QUEUED = "queued", "being imported"
        DONE = "done", "imported"
        FAILED = "failed"
        DISCARDED = "discarded"

    NEXT = {
        Status.MAPPING: {Status.CHECKING, Status.DISCARDED},
        Status.CHECKING: {Status.CHECKED, Status.FAILED},
        Status.CHECKED: {Status.CHECKING, Status.QUEUED, Status.DISCARDED},
        Status.QUEUED: {Status.DONE, Status.FAILED},
        Status.DONE: set(),
        Status.FAILED: set(),
        Status.DISCARDED: set(),
    }

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="sheets")
    file = models.FileField(upload_to=unguessable_path, max_length=200, blank=True)
    name = models.CharField(max_length=200, help_text="as the person's computer calls it")
    status = models.CharField(max_length=9, choices=Status, default=Status.MAPPING, editable=False)
    header = models.JSONField(default=list, help_text="[title]")
    first_rows = models.JSONField(default=list, help_text="[[text]], to choose the columns by")
    mapping = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, help_text="see orders/imports/sheets/figures.py")
    error = models.CharField(max_length=300, blank=True, help_text="why it failed as a whole")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = SheetUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="sheet_upload_waiting",
                condition=models.Q(status__in=["mapping", "checked"]),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def subject(self):
        return f"sheet:{self.pk}"

    @property
    def is_at_work(self):
        return self.status in (self.Status.CHECKING, self.Status.QUEUED)

    def move_to(self, status):
        """Set `status` on a locked upload and save it; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"This file is {self.get_status_display()} already.")
        self.status = status
        if status in (self.Status.DONE, self.Status.FAILED):
            self.done_at = timezone.now()
        self.save(update_fields=["status", "mapping", "position", "figures", "error", "done_at"])


class SheetRefusal(models.Model):
    """A row that was not taken, as it stands in the file, and what is wrong with which of its cells.

    `problems` is [[index of the cell, reason]]; -1 for the row as a whole.
    """

    upload = models.ForeignKey(SheetUpload, models.CASCADE, related_name="refusals", db_index=False)
    row = models.PositiveIntegerField()
    order = models.CharField(max_length=100, blank=True, help_text="its number in the file")
    cells = models.JSONField()
    problems = models.JSONField()

    class Meta:
        ordering = ["upload", "row"]
        constraints = [models.UniqueConstraint(fields=["upload", "row"], name="sheet_refusal_once")]

    def __str__(self):
        return f"row {self.row}"
