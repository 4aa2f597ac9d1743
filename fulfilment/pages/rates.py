"""What carriers charge: the cards that are known, a new one from a file, and each as a table that people can check."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import UnfoldAdminFileFieldWidget

from fulfilment.documents.rate_table import shown
from fulfilment.models import Carrier, RateCard
from fulfilment.services.publish_rates import WrongCard, publish_rates
from oms.lib.console import at_once, console_page, form_page, say, show

MOST_TOLD = 20


class CardForm(forms.Form):
    """A file, and whose it is from when on."""

    carrier = forms.ModelChoiceField(Carrier.objects.none())
    name = forms.CharField(max_length=60, initial="Parcels", help_text="the same name again follows the card before")
    currency = forms.CharField(min_length=3, max_length=3, initial="EUR")
    valid_from = forms.DateField(widget=forms.DateInput({"type": "date"}))
    valid_to = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}), help_text="empty: open")
    file = forms.FileField(widget=UnfoldAdminFileFieldWidget, help_text="JSON, or CSV with new prices")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = Carrier.objects.active()


@console_page("fulfilment.view_ratecard")
def cards(request):
    """Show the cards by carrier, and take a new one."""
    may_add = request.user.has_perm("fulfilment.add_ratecard")
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = CardForm(request.POST or None, request.FILES or None, initial={"valid_from": timezone.localdate()})

    def run(cleaned):
        try:
            card = publish_rates(cleaned.pop("file"), **cleaned)
        except WrongCard as error:
            for text in error.problems[:MOST_TOLD]:
                form.add_error("file", text)
            raise
        say(request, f"{card} of {card.carrier} is kept.")
        return HttpResponseRedirect(reverse("rates:card", args=[card.pk]))

    return form_page(
        request,
        form,
        run=run,
        title="Rate cards",
        template="fulfilment/console/rate_cards.html",
        button="Keep the card",
        back_to=reverse("admin:fulfilment_carrier_changelist"),
        cards=RateCard.objects.select_related("carrier").defer("document"),
        today=timezone.localdate(),
        may_add=may_add,
    )


@require_safe
@console_page("fulfilment.view_ratecard")
def card(request, pk):
    """Show a card as a table: prices by weight and zone, what comes on top, in words."""
    found = get_object_or_404(RateCard.objects.select_related("carrier"), pk=pk)
    context = {"card": found, "table": shown(found), "back_to": reverse("rates:cards")}
    return show(request, "fulfilment/console/rate_card.html", title=f"{found.carrier}: {found}", **context)


@console_page("fulfilment.delete_ratecard")
@require_POST
def remove(request, pk):
    """Forget a card; parcels keep what they cost."""
    found = get_object_or_404(RateCard.objects.select_related("carrier"), pk=pk)
    said = f"{found} of {found.carrier} is gone."
    return at_once(request, found.delete, said=said, back_to=reverse("rates:cards"))


app_name = "rates"
urlpatterns = [
    path("fulfilment/rates/", cards, name="cards"),
    path("fulfilment/rates/<int:pk>/", card, name="card"),
    path("fulfilment/rates/<int:pk>/remove/", remove, name="remove"),
]
