"""What channels are told of stock: which number stands where, what waits, what differs."""

from django.contrib import admin
from unfold.admin import TabularInline

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, GOOD, QUIET, WARN, badge
from orders.models import ChannelPlace, ChannelStock


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
