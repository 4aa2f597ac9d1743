"""What channels are told: which number of pieces stands where, what became of orders, what waits, what differs."""

from django.contrib import admin, messages
from unfold.admin import TabularInline

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, GOOD, QUIET, WARN, badge, state_badge
from orders.admin.links import order_link
from orders.models import ChannelMessage, ChannelPlace, ChannelStock
from orders.services.settle_message import send_again


class PlaceInline(TabularInline):
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
        "data",
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

    @admin.display(description="State", ordering="status")
    def state(self, message):
        return state_badge(message, "status")

    @admin.display(description="Order")
    def order_number(self, message):
        return order_link(message.record.order) if message.record.order else "–"

    def has_send_permission(self, request):
        return request.user.has_perm("orders.change_channelmessage")

    @admin.action(description="Send again", permissions=["send"])
    def send_selected(self, request, queryset):
        pks = list(queryset.refused().order_by("pk").values_list("pk", flat=True))
        for pk in pks:
            send_again(pk)
        self.message_user(request, f"{len(pks)} will be sent again.", messages.SUCCESS)
