"""What customers fill in: shapes only, the rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.pages.forms import check_clean
from returns.customer.words import REASONS
from returns.services.request import ReturnLineIn


class SendBackForm(forms.Form):
    """A tick and the pieces for each of `lines`, and one reason for all of it."""

    reason = forms.ChoiceField(label=_("Why?"))
    note = forms.CharField(
        label=_("Anything we should know?"), max_length=300, required=False, validators=[check_clean]
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["reason"].choices = [("", _("Please choose")), *REASONS.items()]
        pieces_of = _("Pieces of %(name)s")
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.BooleanField(required=False)
            pieces = forms.IntegerField(min_value=1, max_value=line.returnable, initial=line.returnable, required=False)
            pieces.widget.attrs |= {"aria-label": str(pieces_of) % {"name": line.name}, "inputmode": "numeric"}
            self.fields[f"pieces-{line.pk}"] = pieces

    def rows(self):
        """Return [(order line, its tick, its pieces)]."""
        return [(line, self[f"line-{line.pk}"], self[f"pieces-{line.pk}"]) for line in self.lines]

    def clean(self):
        if not any(self.cleaned_data.get(f"line-{line.pk}") for line in self.lines):
            self.add_error(None, _("Please tick what you send back."))

    def lines_in(self):
        """Return the [ReturnLineIn] of what is ticked; pieces left empty are all there are."""
        data = self.cleaned_data
        return [
            ReturnLineIn(line.pk, data[f"pieces-{line.pk}"] or line.returnable, data["reason"])
            for line in self.lines
            if data[f"line-{line.pk}"]
        ]
