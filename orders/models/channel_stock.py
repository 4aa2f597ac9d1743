from django.db import models
from django.db.models import F, Q

from inventory.models import Location, Sku
from orders.models.connection import Connection


class ChannelPlace(models.Model):
    """A place where a platform counts stock, and which of our locations that is.

    The default place gets what all locations have that no other place is for; one that is neither is left alone.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="places")
    place_id = models.CharField("their id", max_length=60)
    name = models.CharField("their name", max_length=200, blank=True)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+", help_text="which of ours it is"
    )
    is_default = models.BooleanField("default", default=False, help_text="has what all other locations have")

    class Meta:
        verbose_name = "place of a channel"
        verbose_name_plural = "places of channels"
        ordering = ["connection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "place_id"], name="channel_place_once"),
            models.UniqueConstraint(
                fields=["connection", "location"],
                name="channel_place_one_a_location",
                condition=Q(location__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["connection"], name="channel_place_one_default", condition=Q(is_default=True)
            ),
        ]

    def __str__(self):
        return self.name or self.place_id


STALE = Q(told_revision__lt=F("revision"))
REFUSED = Q(tell_after__isnull=False)


class ChannelStockQuerySet(models.QuerySet):
    def stale(self):
        """Those of which the platform is to be told another number."""
        return self.filter(STALE)

    def due(self, now):
        """Those of which the platform is to be told by `now`: another number, or once more one that it refused."""
        return self.filter(STALE | Q(tell_after__lte=now))

    def differing(self):
        """Those of which the platform counted another number, when it was asked last, than it should."""
        return self.filter(wanted__isnull=False).exclude(shop=F("wanted"))

    def unknown(self):
        """Goods of the platform that are no SKU here: it is told nothing of them."""
        return self.filter(sku=None)

    def refused(self):
        """Those that the platform did not take."""
        return self.exclude(error="")


class ChannelStock(models.Model):
    """What a platform is to count of one of its variants at one of its places, and what it was told last.

    `revision` grows with each other number in `wanted`, `told_revision` follows when the platform took it: in between
    only the newest is sent. `wanted` is None for what is not counted here, and of goods that are no SKU here.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="stock", db_index=False)
    code = models.CharField("their code", max_length=100, blank=True)
    name = models.CharField("their name", max_length=200, blank=True)
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="SKU")
    item_id = models.CharField("their id", max_length=100)
    parent_id = models.CharField(max_length=60, blank=True, help_text="of a variation: its product's id there")
    place_id = models.CharField("place", max_length=60, blank=True, help_text="their id of it; empty: knows none")
    wanted = models.IntegerField(null=True, blank=True, help_text="pieces that it shall count")
    revision = models.PositiveIntegerField(default=0)
    stale_since = models.DateTimeField("waits since", null=True, blank=True)
    told = models.IntegerField(null=True, blank=True, help_text="pieces, as it was told last")
    told_revision = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField("last told", null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="why it did not take the number")
    refusals = models.PositiveSmallIntegerField(default=0, help_text="of this number, one after the other")
    tell_after = models.DateTimeField(null=True, blank=True, help_text="when a number that was refused is told again")
    shop = models.IntegerField("there", null=True, blank=True, help_text="pieces, as it counted when asked last")
    seen_at = models.DateTimeField("asked", help_text="when it was last among the platform's goods")

    objects = ChannelStockQuerySet.as_manager()

    class Meta:
        verbose_name = "stock of a channel"
        verbose_name_plural = "stock of channels"
        ordering = ["connection", "code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "item_id", "place_id"], name="channel_stock_once"),
        ]
        indexes = [
            models.Index(fields=["connection", "stale_since", "id"], name="channel_stock_stale", condition=STALE),
            models.Index(fields=["connection", "tell_after"], name="channel_stock_refused", condition=REFUSED),
            models.Index(fields=["connection", "code"], name="channel_stock_by_code"),
        ]

    def __str__(self):
        return self.code or self.item_id

    def want(self, pieces, *, since):
        """Have the platform told `pieces` (None: nothing) of a locked row; returns whether it is new. Saves nothing."""
        if pieces == self.wanted:
            return False
        self.wanted = pieces
        self._begin_anew()
        if pieces is None:
            self.told_revision, self.stale_since = self.revision, None
        else:
            self.stale_since = self.stale_since or since
        return True

    def repeat(self, *, since):
        """Have the platform told the same number once more. Saves nothing."""
        if self.wanted is not None:
            self._begin_anew()
            self.stale_since = self.stale_since or since

    def _begin_anew(self):
        self.revision, self.error, self.refusals, self.tell_after = self.revision + 1, "", 0, None

    # What `want` and `repeat` change.
    WISH = ("wanted", "revision", "told_revision", "stale_since", "error", "refusals", "tell_after")
