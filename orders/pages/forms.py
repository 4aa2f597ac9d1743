"""What customers fill in: shapes only, the rules are the services'."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from oms.lib.text import is_clean


def check_clean(value):
    if not is_clean(value, multiline=False):
        raise ValidationError(_("Some characters here cannot be printed on a label."))


def text(label, *, token, required=True, most=100):
    """Return a one-line field; `token` is what browsers fill it in by (HTML autofill)."""
    widget = forms.TextInput(attrs={"autocomplete": token})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, validators=[check_clean])


class FreshLinkForm(forms.Form):
    """Who lost his link says which order, and where its e-mails go."""

    number = forms.CharField(label=_("Order number"), max_length=60)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class AddressForm(forms.Form):
    """Where the order shall go instead, in the same country."""

    name = text(_("Name"), token="name", required=False)
    company = text(_("Company"), token="organization", required=False)
    line1 = text(_("Street and number"), token="address-line1")
    line2 = text(_("Address line 2"), token="address-line2", required=False)
    postcode = text(_("Postcode"), token="postal-code", required=False, most=20)
    city = text(_("City"), token="address-level2")
    region = text(_("State or region"), token="address-level1", required=False)

    def clean(self):
        if not self.cleaned_data.get("name") and not self.cleaned_data.get("company"):
            self.add_error("name", _("Who receives it? Give a name or a company."))

    def refuse(self, error):
        """Show a DomainError of the service at the field it names, where the form has that."""
        field = (error.field or "").rpartition(".")[2]
        self.add_error(field if field in self.fields else None, error.message)


class ProofForm(forms.Form):
    """What only the customer and we know, beside the link."""

    proof = forms.CharField(label=_("E-mail address of the order"), max_length=254)
