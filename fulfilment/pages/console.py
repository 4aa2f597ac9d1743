"""What customer service does with parcels, in dialogs of the order page."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.pages import people
from fulfilment.services.deliver import deliver as mark_delivered
from fulfilment.services.unship import unship
from oms.lib.console import actor_of, console_page, form_page, say
from orders.pages.console.links import order_page

app_name = "work"


class ArrivalForm(forms.Form):
    """When a parcel arrived; now, unless it is said."""

    at = forms.DateTimeField(
        required=False,
        label="When (none: now)",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at > timezone.now():
            raise forms.ValidationError("This is still to come.")
        return at


@console_page("fulfilment.change_parcel")
def deliver(request, pk):
    parcel = get_object_or_404(Parcel.objects.select_related("order"), pk=pk)

    def run(data):
        mark_delivered(parcel.pk, at=data["at"], actor=actor_of(request))
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


urlpatterns = [
    path("fulfilment/people/", people.people, name="people"),
    path("fulfilment/people/<slug:what>.csv", people.export, name="export_people"),
    path("fulfilment/parcels/<int:pk>/delivered/", deliver, name="deliver"),
    path("fulfilment/work/<int:pk>/take-back/", take_back, name="take_back"),
]
