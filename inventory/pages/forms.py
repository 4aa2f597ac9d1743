"""What is typed on the stock pages."""

from collections import Counter
from uuid import uuid4

from django import forms

from inventory.models import Bin, BinStock, Sku
from inventory.services import once, scan
from inventory.services.stock import ADJUST_REASONS
from oms.lib.errors import DomainError

BANDS = [("", "none"), ("QUARANTINE", "QUARANTINE"), ("RETURN A", "RETURN A"), ("RETURN B", "RETURN B")]
MOST_COPIES = 50
# A number that a person types; a barcode scanned into the field by mistake is longer.
MOST_TYPED = 99_999
# Not of what is booked: which form it is, and what was answered when it was asked back.
ASKED_BACK = {"token", "is_sure", "is_over_accepted"}
TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class PlaceField(forms.ModelChoiceField):
    """A location, by its code and its name."""

    def label_from_instance(self, place):
        return f"{place.code} {place.name}"


class ItemForm(forms.Form):
    """About one SKU at one place; `token` makes sending it twice one booking."""

    sku = forms.ModelChoiceField(Sku.objects.all(), widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, data=None, *, place, **kwargs):
        super().__init__(data, **kwargs)
        self.place = place

    def key(self, what):
        """Return how the book knows this form once it is valid, see `once`."""
        typed = [(name, str(value)) for name, value in self.cleaned_data.items() if name not in ASKED_BACK]
        return once.key_of(what, self.cleaned_data["token"], self.place.pk, typed)

    def clean_bin(self):
        """Return the Bin of the place that was scanned, or None."""
        code = self.cleaned_data["bin"]
        try:
            return scan.read_bin(code, self.place) if code else None
        except DomainError as error:
            raise forms.ValidationError(error.message) from None


class SerialsField(forms.CharField):
    """The serial number of each piece, scanned or typed, a line each; a list once it is cleaned."""

    def __init__(self, *, label="Serial numbers", help_text="scan each piece"):
        widget = forms.Textarea(TYPED | {"rows": 4})
        super().__init__(required=False, label=label, help_text=help_text, widget=widget)

    def clean(self, value):
        return lines_of(super().clean(value))


class PiecesForm(ItemForm):
    """About pieces of which the lot, or the serial number of each, is named where the SKU has such."""

    lot = forms.CharField(max_length=100, required=False, label="Lot", widget=forms.TextInput(TYPED))
    serials = SerialsField()


class ReceiveForm(PiecesForm):
    quantity = forms.IntegerField(min_value=1, max_value=MOST_TYPED, label="Pieces")
    bin = forms.CharField(max_length=20, required=False, label="Bin", help_text="empty: DOCK")
    reference = forms.CharField(max_length=30, required=False, label="PO or delivery note")
    expires_on = forms.DateField(
        required=False, label="Last day", widget=DayInput, help_text="empty: it does not expire, or the lot is known"
    )
    is_damaged = forms.BooleanField(required=False, label="Damaged: into QUARANTINE, not for sale")
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    is_over_accepted = forms.BooleanField(required=False, widget=forms.HiddenInput)


class MoveForm(PiecesForm):
    source = forms.ModelChoiceField(Bin.objects.none(), label="From", empty_label=None)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_TYPED, label="Pieces")
    bin = forms.CharField(max_length=20, label="To: scan the bin")

    def __init__(self, data=None, *, held, **kwargs):
        """`held` is [BinStock]: where the item lies."""
        super().__init__(data, **kwargs)
        _choose_bin(self.fields["source"], held, self.place)


class AdjustForm(PiecesForm):
    change = forms.IntegerField(
        min_value=-MOST_TYPED, max_value=MOST_TYPED, label="Pieces more or less", help_text="-3: three are missing"
    )
    reason = forms.ChoiceField(choices=[("", "Choose"), *ADJUST_REASONS.items()])
    where = forms.ModelChoiceField(Bin.objects.none(), required=False, label="Bin", empty_label="not known")
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, held, **kwargs):
        super().__init__(data, **kwargs)
        _choose_bin(self.fields["where"], held, self.place)

    def clean_change(self):
        if self.cleaned_data["change"] == 0:
            raise forms.ValidationError("Nothing would change.")
        return self.cleaned_data["change"]

    def field_of(self, name):
        """Return what a field that the service calls `name` is called here."""
        return "change" if name == "delta" else name


class QuarantineForm(PiecesForm):
    """What happens to pieces that are, or were, not fit to be sold."""

    what = forms.ChoiceField(
        choices=[("put", "Into quarantine"), ("clear", "Fit again"), ("scrap", "Scrap")], label="What"
    )
    quantity = forms.IntegerField(min_value=1, max_value=MOST_TYPED, label="Pieces")
    bin = forms.CharField(max_length=20, required=False, label="Bin", help_text="from where, or back to; empty: DOCK")


class LearnForm(forms.Form):
    """That a code, unknown so far, stands for pieces of an item."""

    code = forms.CharField(max_length=48, widget=forms.HiddenInput)
    item = forms.CharField(max_length=48, label="It is the item", help_text="its SKU, or a word of its name")
    pieces = forms.IntegerField(min_value=1, max_value=100_000, initial=1, label="Pieces per scan")


class LabelForm(forms.Form):
    """What stands on item labels."""

    sku = forms.ModelChoiceField(Sku.objects.all(), widget=forms.HiddenInput)
    quantity = forms.IntegerField(min_value=1, max_value=MOST_TYPED, initial=1, label="Pieces")
    bin = forms.CharField(max_length=20, required=False, label="Bin")
    reference = forms.CharField(max_length=30, required=False, label="PO or note")
    band = forms.ChoiceField(choices=BANDS, required=False)
    copies = forms.IntegerField(min_value=1, max_value=MOST_COPIES, initial=1)


def lines_of(text):
    """Return the list of what was scanned into a field, a line each."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def held_at(sku, place):
    """Return [BinStock] of `sku` at `place` in the order in which one walks."""
    rows = BinStock.objects.filter(sku=sku, bin__location=place, quantity__gt=0).select_related("bin", "lot")
    return list(rows.order_by("bin__sort_key", "lot__expires_on", "pk"))


def _choose_bin(field, held, place):
    """Offer the bins that hold the item; one that was emptied since, by this very form perhaps, is taken too."""
    field.queryset = place.bins.all()
    pieces = Counter()
    for row in held:
        pieces[row.bin] += row.quantity
    empty = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = empty + [(bin.pk, f"{bin.code} ({n})") for bin, n in pieces.items()]
