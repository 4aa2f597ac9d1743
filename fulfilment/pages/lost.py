"""What customer service does about a parcel that is lost or damaged: the goods again, or the money, and a claim."""

from functools import partial

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from fulfilment.documents.contents import contents, value_of
from fulfilment.models import CarrierClaim, Parcel, ParcelCase
from fulfilment.services.file_claim import file_claim
from fulfilment.services.give_up import Remedy, give_up, refund_lines
from fulfilment.services.report_damage import report_damage
from oms.lib.console import actor_of, console_page, form_page, say
from oms.lib.money import AmountField, show
from orders.pages.console.links import order_page

LATER = ("", "Decide later, on the order's page")
# What a person needs to be allowed for each remedy, beside the parcel's own permission.
ALLOWED = {Remedy.RESEND: "orders.add_order", Remedy.REFUND: "orders.refund_order"}


class LostForm(forms.Form):
    """What is agreed; where the user may, what the customer gets at once."""

    note = forms.CharField(max_length=200, label="What was found, or agreed?")
    remedy = forms.ChoiceField(required=False, widget=forms.RadioSelect, label="The customer")
    claimed = AmountField(required=False, min_value=0, max_digits=12, decimal_places=2, label="Claim from the carrier")
    reference = forms.CharField(required=False, max_length=60, label="The carrier's reference")
    at_most = ""

    def __init__(self, user, parcel, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.goods = contents(parcel)
        labels = {Remedy.RESEND: Remedy.RESEND.label}
        if amount := sum(line.amount for line in refund_lines(parcel.order, self.goods)):
            labels[Remedy.REFUND] = f"{Remedy.REFUND.label}: {self.at_most}{show(amount, parcel.order.currency)}"
        may = [(remedy.value, label) for remedy, label in labels.items() if user.has_perm(ALLOWED[remedy])]
        self.fields["remedy"].choices = [*may, LATER]


class DamageForm(LostForm):
    """How many pieces of what was in the parcel are damaged; all, unless less is said."""

    at_most = "up to "

    def __init__(self, user, parcel, *args, **kwargs):
        super().__init__(user, parcel, *args, **kwargs)
        self.fields["note"].label = "What is damaged, and what was agreed?"
        for row in self.goods:
            name = f"pieces-{row.line.pk}"
            self.fields[name] = forms.IntegerField(
                min_value=0, max_value=row.quantity, initial=row.quantity, label=f"Damaged, of {row.quantity} {row.sku}"
            )
        self.order_fields(["note", *(f"pieces-{row.line.pk}" for row in self.goods)])

    def clean(self):
        """Return what was typed, the pieces together."""
        data = super().clean()
        pieces = {row.line.pk: data.pop(f"pieces-{row.line.pk}", 0) for row in self.goods}
        return data | {"pieces": pieces}


class ClaimForm(forms.Form):
    amount = AmountField(max_digits=12, decimal_places=2, label="Amount")
    reference = forms.CharField(required=False, max_length=60, label="The carrier's reference")
    status = forms.ChoiceField(choices=CarrierClaim.Status.choices, widget=forms.RadioSelect, label="It is")


@console_page("fulfilment.change_parcel")
def lost(request, pk):
    """Give the parcel up, and say in the same step what becomes of its goods and money."""
    return _made_good_page(request, _case(pk).parcel, LostForm, partial(give_up, pk), word="lost", is_danger=True)


@console_page("fulfilment.change_parcel")
def damaged(request, pk):
    """Note that goods of a parcel arrived damaged, and say in the same step what becomes of them."""
    parcel = get_object_or_404(Parcel.objects.select_related("order__channel__seller", "order__customer"), pk=pk)
    return _made_good_page(request, parcel, DamageForm, partial(report_damage, pk), word="damaged")


@console_page("fulfilment.change_parcel")
def claim(request, pk):
    """The claim for a lost or damaged parcel: what is asked of the carrier, and what it answered."""
    case = _case(pk)
    found = CarrierClaim.objects.filter(case=case).first()
    known = {"amount": found.amount, "reference": found.reference, "status": found.status} if found else {}
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        initial={"amount": value_of(case.parcel) or None, "status": CarrierClaim.Status.OPEN} | known,
    )
    form.fields["amount"].help_text = case.parcel.order.currency

    def run(data):
        done = file_claim(case.pk, **data, actor=actor_of(request))
        say(request, f"{done}: {done.get_status_display().lower()}.")

    return form_page(
        request,
        form,
        run=run,
        title=f"Claim for {case.parcel} of order {case.parcel.order}",
        back_to=reverse("admin:fulfilment_parcelcase_changelist"),
    )


def _made_good_page(request, parcel, form_class, act, *, word, is_danger=False):
    """Ask what becomes of a parcel that is lost or damaged; `act` returns the ParcelCase."""
    order = parcel.order
    data = request.POST if request.method == "POST" else None
    form = form_class(request.user, parcel, data, initial={"claimed": value_of(parcel) or None, "remedy": ""})
    form.fields["claimed"].help_text = f"{order.currency}; empty: no claim"

    def run(data):
        case = act(**data, actor=actor_of(request))
        say(request, f"{parcel} of order {order} is {word}{_made_good(case)}.")

    return form_page(
        request,
        form,
        run=run,
        title=f"Parcel {parcel.number} of order {order} is {word}",
        back_to=order_page(order.pk),
        button=f"It is {word}",
        is_danger=is_danger,
    )


def _made_good(case):
    """Return what was done for the customer of a lost or damaged parcel, in words."""
    if case.replacement:
        return f"; order {case.replacement} sends the goods again"
    if case.refund:
        return f"; the refund is {case.refund.get_status_display().lower()}"
    return ""


def _case(pk):
    rows = ParcelCase.objects.select_related("parcel__order__channel__seller", "parcel__order__customer")
    return get_object_or_404(rows, pk=pk)
