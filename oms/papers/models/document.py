from secrets import token_urlsafe

from django.db import models
from django.utils import timezone

# What a document can be: PDF, but for what others made and we keep as it came.
FORMS = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "zpl": "x-application/zpl"}


def unguessable_path(document, name):
    """Return where the file of a document is kept: nobody finds it who was not given its address."""
    form = name.rpartition(".")[2]
    return f"documents/{token_urlsafe(24)}.{form if form in FORMS else 'pdf'}"


class DocumentQuerySet(models.QuerySet):
    def of(self, subject):
        """The documents of `subject` ("order:7"), newest first."""
        return self.filter(subject=subject).order_by("-pk")

    def latest_of(self, kind, object_id):
        """The newest revision of the document `kind` of an object, or None."""
        return self.filter(kind=kind, object_id=object_id).order_by("-revision").first()


class Document(models.Model):
    """A printed piece of an object: asked for, made by a worker or on first sight, then never changed.

    A new revision is a new row. The file's name is no secret in here but cannot be guessed outside.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        READY = "ready"
        FAILED = "failed"

    kind = models.CharField(max_length=40, help_text="key of DOCUMENTS in oms/subscribers.py")
    subject = models.CharField(max_length=50)
    object_id = models.BigIntegerField(help_text="of what it is printed from")
    revision = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    file = models.FileField(upload_to=unguessable_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reprints = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=1000, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="document_subject")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "revision"], name="document_once_per_revision"),
            models.CheckConstraint(
                condition=~models.Q(status="ready") | (models.Q(ready_at__isnull=False) & ~models.Q(sha256="")),
                name="document_ready_has_file",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def filename(self):
        """What a person saves it as."""
        kept = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in self.title)
        return f"{kept.strip('-.') or self.kind}.{self.form}"

    @property
    def form(self):
        """Which of FORMS its file is; "pdf" while it is not made."""
        form = self.file.name.rpartition(".")[2] if self.file else ""
        return form if form in FORMS else "pdf"

    @property
    def media_type(self):
        return FORMS[self.form]
