"""From where a key may be used."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.console import actor_of, console_page, form_page, say
from oms.partners.models import PartnerKey
from oms.partners.services.keys import restrict_key


class AddressForm(forms.Form):
    networks = forms.CharField(
        label="Addresses it may be used from",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="One a line: 192.0.2.0/24 or 203.0.113.7. Empty: from anywhere.",
    )


@console_page("partners.change_partnerkey")
def restrict(request, pk):
    """Ask from which addresses a key may be used."""
    key = get_object_or_404(PartnerKey, pk=pk)

    def run(cleaned):
        restrict_key(key, networks=cleaned["networks"].replace(",", " ").split(), actor=actor_of(request))
        say(request, "It counts within half a minute.")

    form = AddressForm(
        request.POST if request.method == "POST" else None, initial={"networks": "\n".join(key.networks)}
    )
    back_to = reverse("admin:partners_partnerkey_change", args=[pk])
    return form_page(request, form, run=run, title=f"Addresses of {key}", back_to=back_to)
