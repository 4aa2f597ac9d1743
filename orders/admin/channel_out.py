"""What channels are told: which number of pieces stands where, what became of orders, what waits, what differs."""

from django.contrib import admin, messages
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import action

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, GOOD, QUIET, WARN, badge, state_badge
from oms.lib.choices import ChecksKeys
from oms.lib.dialogs import attempt, back, question
from orders.admin.links import order_link
from orders.models import ChannelMessage, ChannelPlace, ChannelStock
from orders.services import follow_stock
from orders.services.settle_message import send_again, settle_by_hand


class PlaceInline(ChecksKeys, TabularInline):
    model = ChannelPlace
    extra = 0
    fields = ["name", "place_id", "location", "is_default"]
    readonly_fields = ["name", "place_id"]
    verbose_name_plural = "Its places, and which of our locations each is"

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Which(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("stale", "waits"), ("differing", "differs there"), ("refused", "refused"), ("unknown", "no SKU here")]

    def queryset(self, request, queryset):
        known = [name for name, _ in self.lookup_choices]
        return getattr(queryset, self.value())() if self.value() in known else queryset


@admin.register(ChannelStock)
class ChannelStockAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["code", "name", "sku", "connection", "place_id", "wanted", "told", "shop", "state", "told_at"]
    list_filter = [Which, "connection"]
    list_select_related = ["connection__channel", "sku"]
    search_fields = ["code__istartswith", "sku__code__istartswith"]
    search_help_text = "Begin of their code or of the SKU"
    fields = [
        "connection",
        "code",
        "name",
        "sku",
        "item_id",
        "place_id",
        "wanted",
        "stale_since",
        "told",
        "told_at",
        "error",
        "shop",
        "seen_at",
    ]
    readonly_fields = fields
    actions = ["send_selected"]
    actions_detail = ["send_one"]

    def has_send_permission(self, request, object_id=None):
        """Of one, only of a number that there is."""
        is_counted = object_id is None or ChannelStock.objects.filter(pk=object_id, wanted__isnull=False).exists()
        return is_counted and request.user.has_perm("orders.change_connection")

    @admin.action(description="Send again", permissions=["send"])
    def send_selected(self, request, queryset):
        rows = ChannelStock.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        self.message_user(request, f"{follow_stock.send_again(rows)} will be sent again.", messages.SUCCESS)

    @action(
        description="Send again",
        permissions=["send"],
        dialog=question("Send the number again?", "For when what kept it from being taken is mended.", submit="Send"),
    )
    def send_one(self, request, form, object_id):
        rows = ChannelStock.objects.filter(pk=object_id)
        attempt(self, request, follow_stock.send_again, rows, done="It is sent in a moment.")
        return back(request, reverse("admin:orders_channelstock_change", args=[object_id]))

    @admin.display(description="State")
    def state(self, row):
        if row.sku_id is None:
            return badge("no SKU here", QUIET)
        if row.error:
            return badge("refused", BAD, hint=row.error)
        if row.told_revision < row.revision:
            return badge("waits", WARN)
        return badge("told", GOOD) if row.told_at else badge("not counted", QUIET)


@admin.register(ChannelMessage)
class ChannelMessageAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["queued_at", "connection", "kind", "order_number", "state", "error", "attempts", "ended_at"]
    list_filter = ["status", "kind", "connection"]
    list_filter_submit = True
    list_select_related = ["connection__channel", "record__order"]
    search_fields = ["record__external_id__exact", "external_id__exact"]
    search_help_text = "The order's id at its channel, or of what was made there"
    fields = [
        "connection",
        "order_number",
        "record",
        "kind",
        "says",
        "state",
        "error",
        "attempts",
        "queued_at",
        "next_attempt_at",
        "ended_at",
        "external_id",
    ]
    readonly_fields = fields
    actions = ["send_selected"]
    actions_detail = ["send_one", "settle_one"]

    @admin.display(description="What it says")
    def says(self, message):
        return in_words(message)

    @admin.display(description="State", ordering="status")
    def state(self, message):
        return state_badge(message, "status")

    @admin.display(description="Order")
    def order_number(self, message):
        return order_link(message.record.order) if message.record.order else "–"

    def has_send_permission(self, request, object_id=None):
        """Of one, only of what was refused."""
        is_refused = object_id is None or ChannelMessage.objects.refused().filter(pk=object_id).exists()
        return is_refused and request.user.has_perm("orders.change_channelmessage")

    @admin.action(description="Send again", permissions=["send"])
    def send_selected(self, request, queryset):
        pks = list(queryset.refused().order_by("pk").values_list("pk", flat=True))
        for pk in pks:
            send_again(pk)
        self.message_user(request, f"{len(pks)} will be sent again.", messages.SUCCESS)

    @action(
        description="Send again",
        permissions=["send"],
        dialog=question("Send it again?", "For when what kept it from being taken is mended there.", submit="Send"),
    )
    def send_one(self, request, form, object_id):
        return self._done(request, object_id, send_again, "It is sent in a moment.")

    @action(
        description="Settled there",
        permissions=["send"],
        dialog=question("Is it settled there?", "It counts as told, and waits for nobody any more.", submit="It is"),
    )
    def settle_one(self, request, form, object_id):
        return self._done(request, object_id, settle_by_hand, "It waits for nobody any more.")

    def _done(self, request, object_id, service, text):
        attempt(self, request, service, int(object_id), done=text)
        return back(request, reverse("admin:orders_channelmessage_change", args=[object_id]))


def in_words(message):
    """Return what a message tells, as people read it: "Parcel 7 with Swift SW12: 2 × MUG. The last of the order."."""
    data, kind = message.data, message.kind
    if kind == ChannelMessage.Kind.CANCELLATION:
        return "What is cancelled of the order when it is sent, and why."
    if kind == ChannelMessage.Kind.CHANGE:
        return f"What was changed here, as it is when it is sent: {', '.join(data['fields']).replace('_', ' ')}."
    if kind == ChannelMessage.Kind.REFUND:
        return f"{data['amount']} {message.record.order.currency} go back to the customer: the shop pays them out."
    parcel = " ".join(filter(None, [f"Parcel {data['parcel']}", data.get("carrier"), data["number"]]))
    if kind == ChannelMessage.Kind.RETRACTION:
        return f"{parcel} has not left after all."
    codes = dict(message.record.order.lines.priced().values_list("external_id", "sku_code"))
    goods = ", ".join(f"{pieces} × {codes.get(line, line)}" for line, pieces in data["lines"].items())
    return f"{parcel}: {goods or 'nothing new'}." + (" The last of the order." if data["is_last"] else "")
