from django import forms

from inventory.pages.forms import SerialsField
from returns.models import Disposition, ReturnLine


class OpenForm(forms.Form):
    reason = forms.ChoiceField(choices=ReturnLine.Reason.choices)
    note = forms.CharField(max_length=300, required=False, help_text="for whoever opens the parcel")

    def __init__(self, *args, lines, may_override=False, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=f"{line.sku_code} {line.name}: of {line.returnable}",
                initial=0,
                min_value=0,
                max_value=line.returnable,
            )
        if may_override:
            self.fields["ignores_window"] = forms.BooleanField(required=False, label="Although it is too late for it")
        self.order_fields([f"line-{line.pk}" for line in lines])


class DeclineForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="the customer reads it")


class TransitForm(forms.Form):
    tracking_number = forms.CharField(max_length=60, required=False)


class ReceiveForm(forms.Form):
    """How many pieces of each line came, and the numbers of those that have such."""

    def __init__(self, *args, lines, numbered, **kwargs):
        """`numbered` are those of `lines` whose pieces are booked by their serial numbers."""
        super().__init__(*args, **kwargs)
        for row in lines:
            self.fields[f"line-{row.pk}"] = forms.IntegerField(
                label=f"{row.line.sku_code} {row.line.name}: of {row.quantity}",
                initial=row.quantity,
                min_value=0,
                max_value=row.quantity,
            )
            if row in numbered:
                self.fields[f"serials-{row.pk}"] = SerialsField(
                    label=f"Serial numbers of {row.line.sku_code}",
                    help_text="scan each piece; empty where the book knows which left",
                )


class InspectForm(forms.Form):
    """One decision: so many pieces of a line, how they are, and what becomes of them."""

    line = forms.ChoiceField(label="What")
    quantity = forms.IntegerField(min_value=1, initial=1, label="Pieces")
    grade = forms.TypedChoiceField(
        choices=Disposition.Grade.choices, coerce=int, widget=forms.RadioSelect, label="Condition"
    )
    outcome = forms.ChoiceField(choices=Disposition.Outcome.choices, widget=forms.RadioSelect, label="What to do")
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = choices


class ResolveForm(forms.Form):
    pays = forms.TypedChoiceField(
        choices=[("yes", "Refund it"), ("no", "No refund")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        initial="yes",
        label="Money",
    )
