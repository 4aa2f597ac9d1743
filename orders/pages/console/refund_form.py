"""The form of a refund: an amount for each thing it can be for, with its cap."""

from decimal import Decimal

from django import forms
from django.utils.http import urlencode

from oms.lib.money import AmountField
from orders.models import RefundLine
from orders.services.refund import RefundLineIn
from orders.services.refund_caps import EXCESS

Kind = RefundLine.Kind
CENT = Decimal("0.01")


def amount(label, **options):
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    options = {"min_value": 0, "decimal_places": 2, "max_digits": 12} | options
    return AmountField(label=label, required=False, widget=widget, **options)


class RefundForm(forms.Form):
    """`excess`, `goodwill`, `shipping`, `line-7` … are amounts with tax; `fee` is kept back of them."""

    reason = forms.CharField(max_length=200, widget=forms.TextInput({"list": "oms-reasons"}))
    wants_credit_note = forms.BooleanField(required=False, label="Write a credit note")

    def __init__(self, lines, caps, excess, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caps = {EXCESS: excess, "goodwill": caps.total, "shipping": caps.shipping}
        self.caps |= {f"line-{line.pk}": caps.lines[line.pk] for line in lines}
        self.caps = {name: min(cap, caps.total) for name, cap in self.caps.items()}
        self.fields[EXCESS] = amount("Paid too much", max_value=self.caps[EXCESS])
        self.fields["goodwill"] = amount("Goodwill")
        self.fields["shipping"] = amount("Shipping")
        for line in lines:
            self.fields[f"line-{line.pk}"] = amount(f"{line.sku_code} {line.name}")
        self.fields["fee"] = amount("Fee kept back")
        self.caps["fee"] = None

    def rows(self):
        """Return [(bound field, its cap or None)] of the amounts that can be given."""
        return [(self[name], cap) for name, cap in self.caps.items() if cap is None or cap > 0 or self[name].errors]

    def lines_in(self):
        """Return the RefundLineIns of a sound form."""
        return [_line_in(name, self.cleaned_data[name]) for name in self._given()]

    def field_of(self, name):
        """Return which field a service means by `name`: with "lines.0.amount" the first that was given."""
        _, _, number = (name or "").removesuffix(".amount").partition("lines.")
        return self._given()[int(number)] if number.isdecimal() else name

    def _given(self):
        return [name for name in self.caps if self.cleaned_data[name]]

    @staticmethod
    def query_of(preset):
        """Return the query that opens this form with `preset` filled in."""
        name = f"line-{preset.line_id}" if preset.line_id else preset.kind
        return urlencode({name: preset.amount.quantize(CENT), "reason": preset.name})


def _line_in(name, value):
    if name.startswith("line-"):
        return RefundLineIn(Kind.ITEM, value, line_id=int(name.removeprefix("line-")))
    if name == EXCESS:
        return RefundLineIn(Kind.GOODWILL, value)
    return RefundLineIn(name, -value if name == Kind.FEE else value)
