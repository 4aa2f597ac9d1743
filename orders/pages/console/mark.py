"""Tags, notes and the priority of an order."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.console import actor_of, at_once, console_page, form_page, posted_id, say, say_undoable
from orders.models import Order
from orders.pages.console.forms import NoteForm, PriorityForm, TagForm
from orders.pages.console.links import order_page
from orders.services import note as notes
from orders.services import tag as tags
from orders.services.prioritise import prioritise as give_priority


@console_page("orders.change_order")
def tag(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        put = tags.tag(pk, data["tag"], actor=actor_of(request))
        url = reverse("console:untag", args=[pk])
        say_undoable(request, f"Order {order} is tagged “{put}”.", url=url, tag=put.pk, next=order_page(pk))

    form = TagForm(request.POST or None)
    page = {"title": f"Tag order {order}", "template": "orders/console/tag.html", "button": "Tag"}
    return form_page(request, form, run=run, back_to=order_page(pk), **page)


@console_page("orders.change_order")
def untag(request, pk):
    def run():
        tags.untag(pk, posted_id(request, "tag"), actor=actor_of(request))

    return at_once(request, run, said="The tag is gone.", back_to=order_page(pk))


@console_page("orders.add_note")
def note(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        notes.write_note(pk, data["text"], audience=data["audience"], actor=actor_of(request))
        say(request, "Noted.")

    form = NoteForm(request.POST or None)
    return form_page(request, form, run=run, title=f"Note on order {order}", back_to=order_page(pk), button="Note")


@console_page("orders.delete_note")
def remove_note(request, pk):
    def run():
        notes.remove_note(pk, posted_id(request, "note"), actor=actor_of(request))

    return at_once(request, run, said="The note is gone.", back_to=order_page(pk))


@console_page("orders.change_order")
def prioritise(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        give_priority(pk, data["priority"], actor=actor_of(request))
        say(request, f"Order {order} has priority {Order.Priority(data['priority']).label.lower()}.")

    form = PriorityForm(request.POST or None, initial={"priority": order.priority})
    return form_page(request, form, run=run, title=f"Priority of order {order}", back_to=order_page(pk))
