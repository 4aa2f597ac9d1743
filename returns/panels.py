"""What returns add to the order page."""

from django.urls import reverse

from returns.models import Return


def returns(order, user):
    """The returns of an order, and the way to open one while goods are with the customer."""
    rows = list(Return.objects.filter(order=order).prefetch_related("lines__line"))
    can_open = user.has_perm("returns.add_return") and any(line.returnable > 0 for line in order.lines.leaves())
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
