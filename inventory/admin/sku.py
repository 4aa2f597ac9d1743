from django.contrib import admin
from django.db import transaction
from django.forms.models import BaseInlineFormSet, ValidationError
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from inventory.models import KitComponent, Sku, SkuBarcode
from inventory.services.note_change import note_changes
from inventory.services.whereabouts import makeable
from oms.lib.admin import ConsoleAdmin
from oms.lib.choices import ChecksKeys
from oms.outbox.publish import publish

MEASURES = ["weight_g", "length_mm", "width_mm", "height_mm"]


class BarcodeInline(TabularInline):
    model = SkuBarcode
    verbose_name, verbose_name_plural = "barcode", "barcodes"
    extra = 0
    fields = ["code", "pieces"]


class ComponentFormSet(BaseInlineFormSet):
    def clean(self):
        """A kit is made of goods and downloads, not of kits; only kits are made of something."""
        super().clean()
        for form in self.forms:
            part = form.cleaned_data.get("component") if form.is_valid() else None
            if part and not form.cleaned_data.get("DELETE") and (part.is_kit or not self.instance.is_kit):
                raise ValidationError(f"{part} cannot be a part: kits have parts, and no kit is one.")


class ComponentInline(ChecksKeys, TabularInline):
    model = KitComponent
    fk_name = "kit"
    verbose_name, verbose_name_plural = "part of the kit", "parts of the kit"
    formset = ComponentFormSet
    autocomplete_fields = ["component"]
    extra = 0
    fields = ["component", "quantity"]


@admin.register(Sku)
class SkuAdmin(ConsoleAdmin):
    """SKUs with their barcodes and parts; a code with history is closed, not deleted."""

    list_display = ["code", "name", "kind", "picture", "tax_class", "weight_g", "unit_cost", "is_active"]
    export_display = ["code", "name", "kind", "tax_class", "weight_g", "unit_cost", "hs_code", "origin", "is_active"]
    change_list_template = "inventory/console/list.html"
    list_filter = ["kind", "tracking", "is_active", "tax_class", "is_fragile", "is_hazmat"]
    search_fields = ["code", "name", "barcodes__code"]
    readonly_fields = ["picture", "stock"]
    autocomplete_fields = ["analogue", "made_at"]
    inlines = [BarcodeInline, ComponentInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "code",
                    "name",
                    "kind",
                    "tax_class",
                    "tracking",
                    "unit_cost",
                    "is_active",
                    "released_on",
                    "stock",
                    "image",
                    "picture",
                ]
            },
        ),
        ("Made to order: sold without stock", {"fields": ["made_at", "made_in_days"]}),
        ("New on sale: forecast it like another", {"fields": ["analogue", "analogue_scale"]}),
        ("Shipping", {"fields": [*MEASURES, "rotation", "is_fragile", "is_hazmat", "ships_alone", "no_mix_group"]}),
        ("Customs", {"fields": ["hs_code", "origin", "attributes"]}),
    ]

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        """Save it; another release day, place or time of making moves the promises of who waits for it."""
        super().save_model(request, obj, form, change)
        if change and "released_on" in form.changed_data:
            publish("sku.release_moved", f"sku:{obj.pk}", actor=f"user:{request.user.pk}", sku=obj.pk)
        if change and {"made_at", "made_in_days"} & set(form.changed_data):
            publish("sku.making_changed", f"sku:{obj.pk}", actor=f"user:{request.user.pk}", sku=obj.pk)
            note_changes([obj.pk])

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Picture")
    def picture(self, sku):
        return format_html('<img src="{}" alt="" loading="lazy" width="40">', sku.picture_url) if sku.image else ""

    @admin.display(description="Stock")
    def stock(self, sku):
        if not sku.pk:
            return ""
        if sku.is_kit:
            return _makeable(sku)
        levels = reverse("admin:inventory_stocklevel_changelist")
        entries = reverse("admin:inventory_stockentry_changelist")
        return format_html(
            '<a href="{}?sku__id__exact={}">By location</a>, <a href="{}?sku__id__exact={}">ledger</a>, '
            '<a href="{}">who waits for it?</a>{}',
            levels,
            sku.pk,
            entries,
            sku.pk,
            reverse("console:waiting", args=[sku.pk]),
            _traced(sku),
        )


def _makeable(kit):
    """Return in words how many kits their parts make; none of its own lie anywhere."""
    pieces, at, _ = makeable(kit)
    if pieces is None:
        return "any number can be made: no part of it is counted"
    places = ", ".join(f"{code} {n}" for code, n in at.items() if n) or "no location has all parts"
    return f"{pieces} can be made of its parts; of those of one location: {places}"


def _traced(sku):
    """Return the link to the lots or serials of a SKU that has such, or ""."""
    if sku.tracking == Sku.Tracking.NONE:
        return ""
    url = reverse(f"admin:inventory_{sku.tracking}_changelist")
    return format_html(', <a href="{}?sku__id__exact={}">{}s</a>', url, sku.pk, sku.tracking)
