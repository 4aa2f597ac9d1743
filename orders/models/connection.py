import json

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from inventory.models import Sku
from oms.lib.seal import seal, unseal
from orders.models.channel import Channel


class ConnectionQuerySet(models.QuerySet):
    def silent(self):
        """Those that send orders no more, as far as their silence tells."""
        return self.filter(is_active=True, is_silent=True)

    def to_ask(self):
        """Those whose shop can be asked: active, with an address and keys."""
        return self.filter(is_active=True).exclude(base_url="").exclude(sealed_credentials="")

    def to_tell(self, now):
        """Those whose shop may be told something now: asked for by nobody else, and not left alone."""
        free = Q(tell_until=None) | Q(tell_until__lte=now)
        return self.to_ask().filter(free, Q(tell_after=None) | Q(tell_after__lte=now), is_shadow=False)


class Connection(models.Model):
    """A shop or marketplace whose documents become a channel's orders.

    Its secrets are sealed and never shown again. A new one is a shadow: its documents are read and listed with
    what would become of them, and nothing is placed.
    """

    channel = models.OneToOneField(Channel, models.PROTECT, related_name="connection")
    kind = models.CharField(max_length=20, help_text="whose documents: a name of orders/channels/registry.py")
    base_url = models.CharField(
        "address", max_length=200, blank=True, help_text="of the shop: https://shop.example.com"
    )
    account = models.CharField(
        "seller id", max_length=60, blank=True, help_text="of Amazon only: its merchant token, like A1B2C3EXAMPLE"
    )
    marketplaces = models.CharField(
        max_length=200,
        blank=True,
        help_text="of Amazon only: ids like A1PA6795UKMFR9, by comma; the first one's stock is written",
    )
    sealed_credentials = models.TextField(blank=True, editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    also_for = models.ManyToManyField(
        Channel,
        blank=True,
        related_name="+",
        verbose_name="other currencies",
        help_text="channels of the same shop: an order goes to the one that sells in its currency",
    )
    is_active = models.BooleanField("active", default=True, help_text="takes documents in")
    is_shadow = models.BooleanField("shadow", default=True, help_text="reads and lists, places nothing")
    polled_at = models.DateTimeField("asked up to", null=True, blank=True, editable=False)
    poll_after = models.DateTimeField("asked again", null=True, blank=True, editable=False)
    poll_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    poll_error = models.CharField("last error", max_length=300, blank=True, editable=False)
    writes_stock = models.BooleanField(
        "we write its stock", default=False, help_text="and nobody else does: what we count stands there"
    )
    tells_orders = models.BooleanField(
        "we tell it of orders",
        default=False,
        help_text="parcels with tracking, cancellations, and refunds, which the shop then pays out: refund only here",
    )
    goods_at = models.DateTimeField("goods read", null=True, blank=True, editable=False)
    goods_error = models.CharField("goods not read", max_length=300, blank=True, editable=False)
    tell_until = models.DateTimeField(null=True, blank=True, editable=False, help_text="it is being told until then")
    tell_number = models.PositiveIntegerField(default=0, editable=False, help_text="counts the goes, as a fence")
    tell_after = models.DateTimeField("told again", null=True, blank=True, editable=False)
    tell_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    tell_error = models.CharField("last error of telling", max_length=300, blank=True, editable=False)
    told_at = models.DateTimeField("last told", null=True, blank=True, editable=False)
    is_silent = models.BooleanField(
        "silent", default=False, editable=False, help_text="no order came for much longer than is usual"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["channel__code"]
        constraints = [
            # Two writers would overwrite each other.
            models.UniqueConstraint(
                Upper("base_url"),
                Upper("account"),
                name="connection_one_writer",
                condition=Q(writes_stock=True),
                violation_error_message="Another connection writes the stock of this shop: only one may.",
            ),
        ]

    def __str__(self):
        return f"{self.channel} ({self.kind})"

    @property
    def credentials(self):
        """Return {name: value} of what we log in with."""
        return json.loads(unseal(self.sealed_credentials) or "{}")

    @credentials.setter
    def credentials(self, values):
        self.sealed_credentials = seal(json.dumps(values)) if values else ""

    @property
    def secret(self):
        """Return what its webhooks are signed with."""
        return unseal(self.sealed_secret)

    @secret.setter
    def secret(self, value):
        self.sealed_secret = seal(value)

    def channels(self):
        """Return {currency: the channel whose orders are in it}, its own first."""
        found = {}
        for channel in [self.channel, *self.also_for.all()]:
            found.setdefault(channel.currency, channel)
        return found

    def channel_for(self, currency):
        """Return the channel whose orders are in `currency`, None where there is none; "": its own."""
        return self.channels().get(currency or self.channel.currency)


class SkuAliasQuerySet(models.QuerySet):
    def to_map(self):
        """Those that documents wait for, the oldest first."""
        return self.filter(sku=None).order_by("pk")


class SkuAlias(models.Model):
    """What a channel calls one of our SKUs; without a SKU it is to be mapped, and documents wait for that."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="aliases")
    code = models.CharField("their code", max_length=100)
    name = models.CharField("their name", max_length=200, blank=True)
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="SKU")
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SkuAliasQuerySet.as_manager()

    class Meta:
        verbose_name = "SKU of a channel"
        verbose_name_plural = "SKUs of channels"
        ordering = ["connection", "code"]
        constraints = [models.UniqueConstraint("connection", Upper("code"), name="sku_alias_once")]
        indexes = [models.Index(fields=["id"], name="sku_alias_to_map", condition=Q(sku=None))]

    def __str__(self):
        return self.code
