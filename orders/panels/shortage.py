"""What becomes of an order that pieces are missing of: on the order's page for CS, on his own for the customer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.services import shortage as service
from orders.services.choice import choice_of


def shortage(order, user):
    """What was asked, until when, and what was chosen by whom; CS may choose for the customer."""
    question = service.question_of(order)
    if question is None:
        return None
    offered = service.offers(order) if question.is_open or question.answer == "wait" else {}
    actions = []
    if offered and user.has_perm("orders.change_order"):
        url = reverse("console:missing", args=[order.pk])
        actions = [
            {"label": "Missing pieces", "url": url, "key": "m", "icon": "rule", "tone": "primary", "dialog": True}
        ]
    return {
        "title": "Missing pieces",
        "template": "orders/console/panels/shortage.html",
        "context": {"question": question, "default": order.channel.get_shortage_default_display()},
        "place": "side",
        "actions": actions,
    }


def customer_choice(order, reader):
    """The customer's choice, or what he chose."""
    choice = choice_of(order, reader)
    is_short = order.fulfilment_state == order.FulfilmentState.BACKORDERED
    if choice is None or not order.is_open or not (choice.options or is_short):
        return None
    return {
        "title": _("Pieces are missing"),
        "template": "orders/customer/shortage_panel.html",
        "context": {"choice": choice},
    }
