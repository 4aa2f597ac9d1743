"""Tags, notes and the priority of an order."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.console import actor_of, back, console_page, form_page, posted_id, refuse, say, say_undoable
from oms.lib.errors import DomainError
from orders.models import Order
from orders.pages.console.forms import NoteForm, PriorityForm, TagForm
from orders.services import note as notes
from orders.services import tag as tags
from orders.services.prioritise import prioritise as give_priority


@console_page("orders.change_order")
def tag(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        put = tags.tag(pk, data["tag"], actor=actor_of(request))
        url = reverse("console:untag", args=[pk])
        say_undoable(request, f"Order {order} is tagged “{put}”.", url=url, tag=put.pk, next=_order(pk))

    form = TagForm(request.POST or None)
    page = {"title": f"Tag order {order}", "template": "orders/console/tag.html", "button": "Tag"}
    return form_page(request, form, run=run, back_to=_order(pk), **page)


@console_page("orders.change_order")
def untag(request, pk):
    def run():
        tags.untag(pk, posted_id(request, "tag"), actor=actor_of(request))

    return _at_once(request, pk, run, "The tag is gone.")


@console_page("orders.change_order")
def note(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        notes.write_note(pk, data["text"], audience=data["audience"], actor=actor_of(request))
        say(request, "Noted.")

    form = NoteForm(request.POST or None)
    return form_page(request, form, run=run, title=f"Note on order {order}", back_to=_order(pk), button="Note")


@console_page("orders.change_order")
def remove_note(request, pk):
    def run():
        notes.remove_note(pk, posted_id(request, "note"), actor=actor_of(request))

    return _at_once(request, pk, run, "The note is gone.")


@console_page("orders.change_order")
def prioritise(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        give_priority(pk, data["priority"], actor=actor_of(request))
        say(request, f"Order {order} has priority {Order.Priority(data['priority']).label.lower()}.")

    form = PriorityForm(request.POST or None, initial={"priority": order.priority})
    return form_page(request, form, run=run, title=f"Priority of order {order}", back_to=_order(pk))


def _at_once(request, pk, run, said):
    if request.method == "POST":
        try:
            run()
            say(request, said)
        except DomainError as error:
            refuse(request, error)
    return back(request, _order(pk))


def _order(pk):
    return reverse("admin:orders_order_change", args=[pk])
