"""The form of a connection: what a shop is called with, and what we may do there."""

from django import forms
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from orders.channels.registry import KINDS
from orders.channels.tellers import TELLERS
from orders.models import Connection

AMAZON = "amazon"
KEEP = "given; leave empty to keep it"
# What each kind logs in with.
CREDENTIALS = ("key", "key_secret", "token")
CALLED_WITH = ("kind", "base_url", "account", "marketplaces", *CREDENTIALS)
KINDS_TO_CHOOSE = [("", "Choose one"), *((kind, kind.replace("_", " ")) for kind in KINDS)]
APP_KEY, REFRESH = "Amazon, eBay: the app's client id", "Amazon, eBay: the seller's refresh token"


class Secret(UnfoldAdminPasswordWidget):
    """Asks for a secret; what is given is never shown again."""

    def __init__(self):
        super().__init__(attrs={"autocomplete": "new-password"}, render_value=False)


class ConnectionForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=KINDS_TO_CHOOSE, widget=UnfoldAdminSelectWidget)
    secret = forms.CharField(label="Webhook secret", required=False, widget=Secret(), max_length=500)
    key = forms.CharField(label="API key", required=False, widget=Secret(), max_length=500, help_text=APP_KEY)
    key_secret = forms.CharField(label="API secret", required=False, widget=Secret(), max_length=500)
    token = forms.CharField(label="Access token", required=False, widget=Secret(), max_length=2000, help_text=REFRESH)

    class Meta:
        model = Connection
        fields = ["channel", "kind", "base_url", "account", "marketplaces", "also_for", "is_active", "is_shadow"]
        fields += ["writes_stock", "tells_orders"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = set(self.instance.credentials) | ({"secret"} if self.instance.sealed_secret else set())
        for name in known & {"secret", *CREDENTIALS}:
            self.fields[name].help_text = KEEP

    def clean(self):
        """Write stock only where somebody knows how to."""
        cleaned = super().clean()
        for name in ("writes_stock", "tells_orders"):
            if cleaned.get(name) and cleaned.get("kind") not in TELLERS:
                self.add_error(name, f"Only {', '.join(sorted(TELLERS))} can be told.")
        if cleaned.get("writes_stock") and not cleaned.get("base_url"):
            self.add_error("base_url", "Give the address of the shop whose stock we write.")
        for name in ("account", "marketplaces"):
            if cleaned.get("kind") == AMAZON and cleaned.get("base_url") and not cleaned.get(name):
                self.add_error(name, "Amazon is asked with it.")
        return cleaned

    def clean_account(self):
        return self.cleaned_data["account"].strip()

    def clean_marketplaces(self):
        """Return the ids with commas between them, each once."""
        found = self.cleaned_data["marketplaces"].replace(",", " ").split()
        return ",".join(dict.fromkeys(found))

    def clean_base_url(self):
        """Return the address in one way of writing, so that no shop has two writers."""
        return self.cleaned_data["base_url"].strip().rstrip("/")

    def save(self, commit=True):
        if self.cleaned_data["secret"]:
            self.instance.secret = self.cleaned_data["secret"]
        given = {name: self.cleaned_data[name] for name in CREDENTIALS if self.cleaned_data[name]}
        if given:
            self.instance.credentials = self.instance.credentials | given
        return super().save(commit)
