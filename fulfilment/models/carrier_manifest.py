from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.label import Label
from fulfilment.models.manifest import Manifest
from oms.lib.errors import InvalidTransition


class CarrierManifestQuerySet(models.QuerySet):
    def wanted(self):
        """Those that the carrier has not made."""
        return self.exclude(status=CarrierManifest.Status.MADE)


class CarrierManifest(models.Model):
    """A carrier's own manifest of what one of ours hands over: one for each account that sold its labels.

    The row is there before the carrier is asked. Without one the parcels are handed over all the same.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "asked for"
        MADE = "made"
        REFUSED = "refused"

    NEXT = {
        Status.ASKED: {Status.MADE, Status.REFUSED},
        Status.REFUSED: {Status.ASKED, Status.MADE},  # made: an earlier question was heard after all
        Status.MADE: set(),
    }

    manifest = models.ForeignKey(Manifest, models.PROTECT, related_name="carrier_manifests")
    account = models.CharField(max_length=60, blank=True, help_text="as its labels have it")
    name = models.CharField(max_length=60, help_text="who brings the parcels")
    status = models.CharField(max_length=7, choices=Status, default=Status.ASKED, editable=False)
    external_id = models.CharField(max_length=60, blank=True, help_text="the carrier's id of it")
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now, help_text="when it was last asked for")
    error = models.CharField(max_length=300, blank=True)

    objects = CarrierManifestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["manifest", "account"], name="carrier_manifest_once"),
            models.CheckConstraint(
                condition=~Q(status="made") | ~Q(external_id=""), name="carrier_manifest_made_has_id"
            ),
        ]

    def __str__(self):
        return f"{self.name}'s manifest for {self.manifest}"

    @property
    def state(self):
        """Its status in the middle of a sentence."""
        return self.get_status_display().lower()

    @property
    def labels(self):
        """The labels that stand on it; once the manifest is closed these are always the same."""
        return Label.objects.sold(self.manifest).filter(account=self.account).order_by("pk")

    def move_to(self, status):
        """Set `status` on a locked row; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(f"{self} is {self.state} and cannot become {self.Status(status).label.lower()}.")
        self.status = status
        self.save(update_fields=["status"])
