from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone


class MessageQuerySet(models.QuerySet):
    def of(self, subject):
        """The e-mails about `subject` ("order:7"), newest first."""
        return self.filter(subject=subject).order_by("-pk")

    def unsent(self):
        """Those that a worker may still send."""
        return self.filter(status__in=Message.UNSENT)

    def failed(self):
        return self.filter(status=Message.Status.FAILED)

    def suppressed(self):
        """Those not sent on purpose: their channel is muted, or they tell of an import."""
        return self.filter(status=Message.Status.SUPPRESSED)

    def stoppable(self):
        """Those that no worker has begun to send."""
        return self.filter(status__in=Message.STOPPABLE)


class Message(models.Model):
    """An e-mail as a row: queued with the change it tells of, written when it is sent, kept as it went out.

    Its Message-ID comes from its pk: after a crash it may go out again, with the same id.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        STOPPED = "stopped"
        SUPPRESSED = "suppressed"
        FAILED = "failed"

    WAITING = (Status.QUEUED, Status.SENDING)
    STOPPABLE = (Status.QUEUED, Status.FAILED)
    UNSENT = (*STOPPABLE, Status.SENDING)

    kind = models.CharField(max_length=40, help_text="key of EMAILS in oms/subscribers.py")
    subject = models.CharField(max_length=50)
    object_id = models.BigIntegerField(help_text="of what it tells")
    cause = models.CharField(max_length=50, blank=True, help_text="event:9, where a kind goes out more than once")
    to = models.EmailField(max_length=320, blank=True)
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    not_before = models.DateTimeField(null=True, blank=True)
    subject_line = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    sender_name = models.CharField(max_length=100, blank=True)
    reply_to = models.CharField(max_length=320, blank=True)
    attachments = models.ManyToManyField("papers.Document", related_name="messages", blank=True)
    resend_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="resends")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=1000, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="message_subject"),
            models.Index(Upper("to"), name="message_to"),
            models.Index(fields=["status", "-id"], name="message_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "object_id", "cause"], name="message_once_per_cause"),
        ]

    def __str__(self):
        return self.subject_line or self.kind.replace("_", " ").capitalize()

    @property
    def message_id(self):
        """The Message-ID header: the same however often a worker tries."""
        return f"<message-{self.pk}@{urlsplit(settings.SITE_URL).hostname}>"

    @property
    def first(self):
        """The e-mail that this one, sent again, goes back to: it names the cause. Itself, where it is the first."""
        message = self
        while message.resend_of:
            message = message.resend_of
        return message

    @property
    def is_written(self):
        """Whether its words stand; they are written when it is first sent, and kept."""
        return bool(self.subject_line)
