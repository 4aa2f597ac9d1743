"""Who brings parcels."""

from django import forms
from django.conf import settings
from django.contrib import admin
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from fulfilment.models import Carrier, ExcludedService, ShippingRule
from oms.lib.admin import ConsoleAdmin


class CarrierForm(forms.ModelForm):
    """A carrier, its plug-in chosen from those that are set up."""

    plugin = forms.ChoiceField(
        choices=lambda: [(alias, alias) for alias in settings.CARRIERS], widget=UnfoldAdminSelectWidget
    )

    def clean_tracking_url(self):
        url = self.cleaned_data["tracking_url"]
        if url and not (url.startswith("https://") and "{number}" in url):
            raise forms.ValidationError("It starts with https:// and holds {number} where the number goes.")
        return url


@admin.register(Carrier)
class CarrierAdmin(ConsoleAdmin):
    form = CarrierForm
    list_display = ["code", "name", "plugin", "tracking_url", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]


class ExcludedInline(TabularInline):
    model = ExcludedService
    extra = 0


@admin.register(ShippingRule)
class ShippingRuleAdmin(ConsoleAdmin):
    list_display = ["channel", "most_extra"]
    list_select_related = ["channel"]
    filter_horizontal = ["preferred"]
    inlines = [ExcludedInline]
