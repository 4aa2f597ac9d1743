"""What returns add to the pages of an order, see oms/panels.py."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.models import Sku
from returns.customer.story import told_returns
from returns.documents.words import WORDS
from returns.models import Return
from returns.services.by_customer import offer_of
from returns.services.request import policy_of


def returns(order, user):
    """The returns of an order, and the way to open one while goods are with the customer."""
    rows = list(Return.objects.filter(order=order).prefetch_related("lines__line"))
    leaves = [line for line in order.lines.all() if line.kind != Sku.Kind.KIT]
    can_open = user.has_perm("returns.add_return") and any(line.returnable > 0 for line in leaves)
    if not rows and not can_open:
        return None
    action = {
        "label": "Return",
        "url": reverse("returns:open", args=[order.pk]),
        "key": "b",
        "icon": "assignment_return",
        "dialog": True,
    }
    return {
        "title": "Returns",
        "template": "returns/console/panel.html",
        "context": {"returns": rows},
        "actions": [action] if can_open else [],
    }


def customer_returns(order, reader):
    """What goes back and how far it is, and until when more can, for the customer; None before anything left."""
    if not order.shipped_at:
        return None
    offer, rows = offer_of(order), told_returns(order, reader)
    if not rows and not offer.lines:
        return None
    context = {
        "returns": rows,
        "can_open": offer.is_open,
        "is_over": bool(offer.lines) and offer.is_over,
        "until": reader.day(offer.until) if offer.until else "",
    }
    return {"title": _("Returns"), "template": "returns/customer/panel.html", "context": context}


def slip_note(order, reader, moment):
    """Until when what leaves at `moment` can come back: its arrival is not known yet, so the earliest end is said."""
    days = policy_of(order.channel).window_days
    words = WORDS[reader.language]["deadline"]
    return words.format(days=days, day=reader.short_day(moment + timedelta(days=days)))
