"""The page of an order: what matters at the top, what can be done now as buttons, the rest as panels."""

import logging

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from oms.lib.console import console_page, show
from oms.lib.plugins import named
from oms.panels import ORDER_PANELS
from orders.models import Note, Order, OrderLine
from orders.services.due import sold

logger = logging.getLogger(__name__)

BROKEN = "orders/console/panels/broken.html"


@console_page("orders.view_order")
def order(request, pk):
    found = get_object_or_404(_orders(), pk=pk)
    panels = [panel for name in ORDER_PANELS if (panel := read(name, found, request))]
    return show(
        request,
        "orders/console/order.html",
        title=f"Order {found}",
        order=found,
        costs=sold(found, found.lines.all(), found.charges.all()),
        holds=found.holds.active().select_related("owner"),
        notes=[note for note in found.notes.all() if note.audience == Note.Audience.CS],
        main=[panel for panel in panels if panel["place"] == "main"],
        side=[panel for panel in panels if panel["place"] == "side"],
        actions=[action for panel in panels for action in panel["actions"]],
        headline=[fact for panel in panels for fact in panel["headline"]],
    )


def _orders():
    """Orders with what several panels read of them."""
    lines = Prefetch("lines", OrderLine.objects.select_related("sku"))
    rows = Order.objects.select_related("channel__seller", "customer", "pickup_location", "partner")
    return rows.prefetch_related(lines, "charges", "notes")


def read(name, order, request):
    """Return the panel `name` with its "html", or None when it has nothing to show; a broken one says so."""
    try:
        panel = named(name)(order, request.user)
        if panel is None:
            return None
        context = {**panel.get("context", {}), "order": order}
        html = render_to_string(panel["template"], context, request)
    except Exception:
        logger.exception("Panel %s of order %s failed.", name, order)
        panel = {"title": name.rpartition(".")[2].replace("_", " ").capitalize()}
        html = render_to_string(BROKEN, {"name": name}, request)
    return {"place": "main", "actions": [], "headline": [], **panel, "html": html, "slug": name.rpartition(".")[2]}
