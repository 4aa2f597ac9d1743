"""What customer service does with parcels, in dialogs of the order page."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel, ParcelCase
from fulfilment.pages import addresses, lost, people
from fulfilment.services import settle_case
from fulfilment.services.deliver import deliver as mark_delivered
from fulfilment.services.unship import unship
from oms.lib.console import actor_of, console_page, form_page, say
from oms.papers.services.write_message import preview_message
from orders.pages.console.links import order_page

app_name = "work"


class ArrivalForm(forms.Form):
    """When a parcel arrived; now, unless it is said."""

    at = forms.DateTimeField(
        required=False,
        label="When (none: now)",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    signed_by = forms.CharField(required=False, max_length=100, label="Who took it")
    place = forms.CharField(required=False, max_length=100, label="Where")
    photo_url = forms.URLField(required=False, max_length=300, assume_scheme="https", label="Photo (its address)")

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at > timezone.now():
            raise forms.ValidationError("This is still to come.")
        return at


@console_page("fulfilment.change_parcel")
def deliver(request, pk):
    parcel = get_object_or_404(Parcel.objects.select_related("order"), pk=pk)

    def run(data):
        mark_delivered(parcel.pk, actor=actor_of(request), **data)
        say(request, f"Parcel {parcel} of order {parcel.order} arrived.")

    return form_page(
        request,
        ArrivalForm(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Parcel {parcel.number} of order {parcel.order} arrived",
        back_to=order_page(parcel.order_id),
        button="It arrived",
    )


@console_page("fulfilment.unship_parcel")
def take_back(request, pk):
    work = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=pk)

    def run(data):
        unship(work.pk, actor=actor_of(request))
        say(request, f"The shipment of order {work.order} is taken back: it is packed, its stock is here again.")

    return form_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Take the shipment of order {work.order} back",
        back_to=order_page(work.order_id),
        button="Take it back",
        is_danger=True,
    )


class SettleForm(forms.Form):
    note = forms.CharField(max_length=200, label="What was found, or agreed?")


@console_page("fulfilment.change_parcel")
def settle(request, pk):
    """A person has looked after a late or stuck parcel."""
    case = _case(pk)

    def run(data):
        settle_case.settle(case.pk, note=data["note"], actor=actor_of(request))
        say(request, f"{case.parcel} of order {case.parcel.order}: settled.")

    return form_page(
        request,
        SettleForm(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Parcel {case.parcel.number} of order {case.parcel.order} is settled",
        back_to=order_page(case.parcel.order_id),
        button="Settle",
    )


@console_page("fulfilment.change_parcel")
def tell(request, pk):
    """Show what the customer would be told of a late or stuck parcel; sent, it goes out."""
    case = _case(pk)

    def run(data):
        settle_case.tell_again(case.pk, actor=actor_of(request))
        say(request, f"The customer of order {case.parcel.order} is told.")

    return form_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Tell the customer of order {case.parcel.order}",
        back_to=order_page(case.parcel.order_id),
        button="Send again" if settle_case.told_of(case) else "Send",
        template="fulfilment/console/tell.html",
        mail=preview_message(settle_case.told_of(case) or settle_case.draft(case)),
        told=settle_case.told_of(case),
    )


def _case(pk):
    cases = ParcelCase.objects.select_related("parcel__order__channel__seller", "parcel__carrier")
    return get_object_or_404(cases, pk=pk)


urlpatterns = [
    path("fulfilment/orders/<int:pk>/address/", addresses.ask, name="ask_address"),
    path("fulfilment/addresses/<int:pk>/use/", addresses.use, name="use_address"),
    path("fulfilment/cases/<int:pk>/settle/", settle, name="settle_case"),
    path("fulfilment/cases/<int:pk>/lost/", lost.lost, name="lost"),
    path("fulfilment/cases/<int:pk>/claim/", lost.claim, name="claim"),
    path("fulfilment/parcels/<int:pk>/damaged/", lost.damaged, name="damaged"),
    path("fulfilment/cases/<int:pk>/tell/", tell, name="tell"),
    path("fulfilment/people/", people.people, name="people"),
    path("fulfilment/people/<slug:what>.csv", people.export, name="export_people"),
    path("fulfilment/parcels/<int:pk>/delivered/", deliver, name="deliver"),
    path("fulfilment/work/<int:pk>/take-back/", take_back, name="take_back"),
]
