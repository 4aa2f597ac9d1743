"""What becomes of missing pieces, chosen by CS for the customer."""

from django import forms
from django.shortcuts import get_object_or_404

from oms.lib.console import actor_of, console_page, form_page, say
from orders.models import Order, ShortageQuestion
from orders.pages.console.links import order_page
from orders.services import shortage

Answer = ShortageQuestion.Answer


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(widget=forms.RadioSelect, label="The customer wants to")


@console_page("orders.change_order")
def missing(request, pk):
    order = get_object_or_404(Order.objects.select_related("channel"), pk=pk)
    form = AnswerForm(request.POST or None)
    offers = shortage.offers(order)
    form.fields["answer"].choices = [(answer, _words(answer, rows)) for answer, rows in offers.items()]
    form.fields["answer"].help_text = f"Missing: {_pieces(offers.get(Answer.CANCEL, []))}"

    def run(data):
        done = shortage.answer(pk, data["answer"], actor=actor_of(request))
        say(request, f"Order {order}: {done.get_answer_display()}.")

    return form_page(
        request, form, run=run, title=f"Missing pieces of {order}", back_to=order_page(pk), button="Choose"
    )


def _words(answer, rows):
    label = Answer(answer).label.capitalize()
    return f"{label}: {_pieces(rows)}" if answer == Answer.SUBSTITUTE else label


def _pieces(rows):
    return ", ".join(f"{count} × {line.sku_code}" + (f" → {sku.code}" if sku else "") for line, count, sku in rows)
