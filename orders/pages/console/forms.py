"""The forms of the console's order actions: shape only, the rules are the services'."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from oms.lib.money import AmountField
from orders.models import Hold, Note, Order, SavedView, Tag

REASONS = [
    ("customer changed his mind", "Customer changed his mind"),
    ("ordered by mistake", "Ordered by mistake"),
    ("takes too long", "Takes too long"),
    ("not available", "Not available"),
    ("not paid", "Not paid"),
    ("fraud suspected", "Fraud suspected"),
    ("duplicate", "Duplicate order"),
]


class LocalDateTime(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class HoldForm(forms.Form):
    reason = forms.CharField(max_length=300, label="What must be settled?")
    until = forms.DateTimeField(required=False, widget=LocalDateTime, help_text="Released by itself then.")

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until <= timezone.now():
            raise ValidationError("Choose a moment to come.")
        return until


class OneHoldForm(HoldForm):
    kind = forms.ChoiceField(choices=Hold.Kind.choices, initial=Hold.Kind.MANUAL)
    field_order = ["reason", "kind", "until"]


class ReleaseForm(forms.Form):
    note = forms.CharField(max_length=300, required=False, label="What was found out?")


class ManyReleaseForm(ReleaseForm):
    """Lifts the holds that its page showed, and none that came since."""

    holds = forms.ModelMultipleChoiceField(Hold.objects.all(), required=False, widget=forms.MultipleHiddenInput)


class TagForm(forms.Form):
    tag = forms.CharField(max_length=30, widget=forms.TextInput({"list": "oms-tags", "autocomplete": "off"}))

    @property
    def known(self):
        """All tags there are, for the field to suggest."""
        return Tag.objects.all()[:200]


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(choices=Order.Priority.choices, coerce=int, initial=Order.Priority.HIGH)


class CancelForm(forms.Form):
    reason = forms.ChoiceField(choices=REASONS)


class PaymentForm(forms.Form):
    amount = AmountField(min_value=0, decimal_places=2, max_digits=12, widget=forms.TextInput)
    method = forms.CharField(max_length=40, initial="Bank transfer")
    reference = forms.CharField(max_length=100, required=False, help_text="The bank's; the same one is taken once.")


class NoteForm(forms.Form):
    text = forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 3}), label="Note")
    audience = forms.ChoiceField(
        choices=[choice for choice in Note.Audience.choices if choice[0] != Note.Audience.LABEL],
        label="For whom?",
        help_text="It pops up where they work, and is printed on the picker's list; what is for the customer stands on "
        "his page.",
    )


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]


class NumberOfOrders(forms.IntegerField):
    """To be typed as a guard: the number of orders that something irrevocable is done to."""

    def __init__(self, number):
        self.number = number
        super().__init__(label=f"Type {number} to go on", min_value=1, widget=forms.TextInput({"inputmode": "numeric"}))

    def clean(self, value):
        if super().clean(value) != self.number:
            raise ValidationError(f"There are {self.number} orders.")
        return self.number
