"""Who brings parcels."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from fulfilment.carriers.base import AddressBook
from fulfilment.models import Carrier, ExcludedService, ShippingRule
from fulfilment.services.label import check_account
from oms.lib.admin import ConsoleAdmin
from oms.lib.choices import ChecksKeys
from oms.lib.console import alarm, say
from oms.lib.errors import DomainError
from oms.lib.plugins import load
from oms.lib.world import COUNTRIES


class CarrierForm(forms.ModelForm):
    """A carrier, its plug-in chosen from those that are set up."""

    plugin = forms.ChoiceField(
        choices=lambda: [(alias, alias) for alias in settings.CARRIERS],
        widget=UnfoldAdminSelectWidget,
        help_text="easypost and karrio buy labels over the network: CARRIER_KEYS holds the key, by this carrier's code",
    )

    def clean_tracking_url(self):
        url = self.cleaned_data["tracking_url"]
        if url and not (url.startswith("https://") and "{number}" in url):
            raise forms.ValidationError("It starts with https:// and holds {number} where the number goes.")
        return url

    def clean_checks_addresses_in(self):
        codes = sorted(set(self.cleaned_data["checks_addresses_in"].upper().replace(",", " ").split()))
        unknown = [code for code in codes if code not in COUNTRIES]
        if unknown:
            raise forms.ValidationError(f"{', '.join(unknown)} is no ISO 3166 country code.")
        plugin = load(settings.CARRIERS, self.cleaned_data.get("plugin", "manual"))
        if codes and not isinstance(plugin, AddressBook):
            raise forms.ValidationError("This plug-in cannot be asked about addresses: leave it empty.")
        return ", ".join(codes)


@admin.register(Carrier)
class CarrierAdmin(ConsoleAdmin):
    form = CarrierForm
    list_display = ["code", "name", "plugin", "tracking_url", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "name"]
    actions_detail = ["test_connection"]

    @action(description="Test the connection", permissions=["change"])
    def test_connection(self, request, object_id):
        """Ask the carrier something that costs nothing, with the key that is set up."""
        carrier = get_object_or_404(Carrier, pk=object_id)
        try:
            say(request, check_account(carrier))
        except DomainError as error:
            alarm(request, error)
        return HttpResponseRedirect(reverse("admin:fulfilment_carrier_change", args=[object_id]))


class ExcludedInline(ChecksKeys, TabularInline):
    model = ExcludedService
    extra = 0


@admin.register(ShippingRule)
class ShippingRuleAdmin(ConsoleAdmin):
    list_display = ["channel", "most_extra", "insure_above", "incoterm"]
    list_select_related = ["channel"]
    autocomplete_fields = ["preferred"]
    inlines = [ExcludedInline]
