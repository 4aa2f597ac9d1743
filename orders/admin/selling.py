"""The lists of what is set up once: who sells, where, for how much, with which tax."""

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminColorInputWidget

from oms.lib.admin import ConsoleAdmin
from oms.lib.console import actor_of
from oms.lib.money import show
from orders.models import Channel, ExchangeRate, Lane, NumberSeries, Price, Seller, Substitute, Tag, TaxRate
from orders.services.resume_channel import resume
from orders.services.start_series import start_series

SHORTAGE = ["on_shortage", "shortage_hours", "shortage_default"]


@admin.register(Seller)
class SellerAdmin(ConsoleAdmin):
    list_display = ["code", "legal_name", "country", "vat_id", "home_currency"]
    search_fields = ["code", "legal_name"]


@admin.register(Channel)
class ChannelAdmin(ConsoleAdmin):
    list_display = [
        "code",
        "name",
        "kind",
        "seller",
        "currency",
        "payment_gate",
        "on_shortage",
        "is_paused",
        "is_muted",
    ]
    list_filter = ["kind", "is_paused"]
    list_select_related = ["seller"]
    search_fields = ["code", "name"]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "seller", "partner", "is_paused"]}),
        (
            "Money",
            {"fields": ["currency", "prices_include_tax", "gateway", "payment_gate", "capture_at", "refund_limit"]},
        ),
        (
            "Stock and time",
            {
                "fields": [
                    "strategy",
                    "locations",
                    "buffer",
                    "on_shortage",
                    "shortage_hours",
                    "shortage_default",
                    "unpaid_hours",
                    "close_after_days",
                ]
            },
        ),
        (
            "What customers see",
            {
                "fields": [
                    "brand_name",
                    "brand_color",
                    "brand_logo",
                    "locale",
                    "support_email",
                    "support_phone",
                    "is_muted",
                ]
            },
        ),
    ]

    def save_model(self, request, obj, form, change):
        """Save it; when its pause ends, what came meanwhile is worked."""
        super().save_model(request, obj, form, change)
        if change and "is_paused" in form.changed_data and not obj.is_paused:
            count = resume(obj, actor=actor_of(request))
            self.message_user(request, f"It takes orders again. Worked now, as it came meanwhile: {count}.")


@admin.register(Price)
class PriceAdmin(ConsoleAdmin):
    list_display = ["sku", "name", "channel", "min_qty", "price", "valid_from"]
    list_filter = ["channel"]
    list_select_related = ["sku", "channel"]
    search_fields = ["sku__code__istartswith"]
    search_help_text = "Begin of a SKU"
    raw_id_fields = ["sku"]

    @admin.display(description="Name")
    def name(self, price):
        return price.sku.name

    @admin.display(description="Price")
    def price(self, price):
        return show(price.amount, price.channel.currency)


@admin.register(TaxRate)
class TaxRateAdmin(ConsoleAdmin):
    list_display = ["country", "region", "tax_class", "rate", "valid_from", "valid_to"]
    list_filter = ["tax_class"]
    search_fields = ["country__iexact"]
    search_help_text = "Country code"


@admin.register(Lane)
class LaneAdmin(ConsoleAdmin):
    list_display = ["location", "zone", "method", "base", "per_kg", "transit_days"]
    list_filter = ["location", "method"]
    list_select_related = ["location"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ConsoleAdmin):
    list_display = ["currency", "home_currency", "rate", "valid_on"]
    search_fields = ["currency__iexact"]


@admin.register(NumberSeries)
class NumberSeriesAdmin(ConsoleAdmin):
    list_display = ["prefix", "seller", "kind", "next_number", "is_current"]
    list_select_related = ["seller"]
    readonly_fields = ["next_number", "is_current"]  # numbers are gapless: nobody sets them

    def get_readonly_fields(self, request, obj=None):
        """All of it stands once numbers were taken, but for starting another series."""
        return ["seller", "kind", "prefix", "first_number", *self.readonly_fields] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        if not change:
            new = start_series(obj.seller, obj.kind, obj.prefix, first_number=obj.first_number)
            obj.pk = new.pk

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Substitute)
class SubstituteAdmin(ConsoleAdmin):
    """What may be sent instead of what, if the customer agrees."""

    list_display = ["sku", "substitute", "rank"]
    list_select_related = ["sku", "substitute"]
    search_fields = ["sku__code__istartswith", "substitute__code__istartswith"]
    search_help_text = "Begin of a SKU"
    autocomplete_fields = ["sku", "substitute"]


class TagForm(forms.ModelForm):
    color = forms.RegexField(r"^#[0-9a-fA-F]{6}$", widget=UnfoldAdminColorInputWidget, initial="#64748b")

    class Meta:
        model = Tag
        fields = ["name", "color"]


@admin.register(Tag)
class TagAdmin(ConsoleAdmin):
    form = TagForm
    list_display = ["name", "color"]
    search_fields = ["name"]
