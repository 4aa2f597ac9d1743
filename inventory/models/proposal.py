from django.db import models
from django.db.models import F, Q

from inventory.models.location import Location
from inventory.models.policy import ReorderPolicy
from inventory.models.purchase import PurchaseOrder
from inventory.models.sku import Sku
from inventory.models.supplier import Supplier
from inventory.models.transfer import Transfer
from oms.lib.errors import InvalidTransition
from oms.lib.money import ZERO, MoneyField


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=Proposal.Status.OPEN)

    def taken(self):
        """Those that became a purchase order or a transfer, with their pieces or others."""
        return self.filter(status__in=Proposal.TAKEN)

    def shown(self):
        """With all that a page says of them, in the order a buyer works: by supplier, the most urgent first."""
        rows = self.select_related("sku", "location", "supplier", "source", "purchase", "transfer")
        return rows.order_by("kind", F("supplier__code").asc(nulls_last=True), "source__code", "location__code", "pk")

    def lock(self, pks):
        """Return the proposals `pks`, locked in pk order; before any lock of orders and stock."""
        rows = self.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
        return list(rows.select_related("sku", "location", "supplier", "source"))


class Proposal(models.Model):
    """So many pieces that a location should get, from a supplier or from another location, and why.

    A night keeps an open one up to date. EDITED was taken with another quantity than proposed. A declined
    one stands in the way of the next while `is_holding`: until more is missing than its buyer saw.
    """

    class Kind(models.TextChoices):
        TRANSFER = "a_transfer", "transfer"
        BUY = "buy"

    class Status(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        EDITED = "edited", "accepted, edited"
        DECLINED = "declined"
        EXPIRED = "expired", "not needed any more"

    NEXT = {Status.OPEN: (Status.ACCEPTED, Status.EDITED, Status.DECLINED, Status.EXPIRED)}
    TAKEN = (Status.ACCEPTED, Status.EDITED)

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BUY)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="proposals", verbose_name="SKU")
    location = models.ForeignKey(Location, models.PROTECT, related_name="proposals", help_text="where the goods go")
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="proposals", help_text="empty: nobody sells it"
    )
    source = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+", help_text="where a transfer comes from"
    )
    policy = models.ForeignKey(ReorderPolicy, models.SET_NULL, null=True, blank=True, related_name="+")
    pieces = models.PositiveIntegerField(help_text="as proposed")
    decided_pieces = models.PositiveIntegerField(null=True, blank=True, help_text="as accepted")
    cost = MoneyField(null=True, blank=True, help_text="of one piece, in the supplier's currency")
    value = MoneyField(default=ZERO, help_text="of all pieces, at home")
    is_over_budget = models.BooleanField(default=False)
    days_of_cover = models.FloatField(null=True, blank=True, help_text="days until what is here and under way is sold")
    reason = models.JSONField(default=dict, help_text="the numbers it was made of")
    is_holding = models.BooleanField(default=False, help_text="declined, and nothing has changed since")
    made_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="why it was declined")
    purchase = models.ForeignKey(PurchaseOrder, models.PROTECT, null=True, blank=True, related_name="proposals")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, blank=True, related_name="proposals")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("decide_proposal", "Can accept and decline proposals")]
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "location", "kind"], condition=Q(status="open"), name="proposal_open_once"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="proposal_not_empty"),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "edited"])
                | Q(purchase__isnull=False, kind="buy", decided_pieces__gt=0)
                | Q(transfer__isnull=False, kind="a_transfer", decided_pieces__gt=0),
                name="proposal_taken_became_something",
            ),
            models.CheckConstraint(
                condition=Q(is_holding=False) | Q(status="declined"), name="proposal_holding_is_declined"
            ),
            models.CheckConstraint(
                condition=Q(kind="a_transfer", source__isnull=False, supplier__isnull=True)
                | Q(kind="buy", source__isnull=True),
                name="proposal_from_one",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="proposal_by_status"),
            models.Index(fields=["sku", "location", "-id"], name="proposal_by_sku"),
        ]

    def __str__(self):
        return f"{self.pieces} × {self.sku} for {self.location}"

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def party(self):
        """Who gives: ("buy", supplier id) or ("a_transfer", location id)."""
        return self.kind, self.supplier_id or self.source_id

    def move_to(self, status):
        """Set `status` on a locked proposal, which the caller saves; raises InvalidTransition."""
        if status not in self.NEXT.get(self.status, ()):
            raise InvalidTransition(f"{self} is {self.get_status_display()} already: look at the list again.")
        self.status = status
