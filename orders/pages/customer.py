"""The customer's page: one signed link, no login, no script."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.lib.plugins import named
from oms.panels import CUSTOMER_PANELS
from orders.customer.story import tell
from orders.pages.door import customer_page, show


@require_safe
@customer_page
def order_page(request, order, reader):
    """Show where the order is and what its customer can do about it."""
    story = tell(order, reader, now=timezone.now())
    panels = [panel for name in CUSTOMER_PANELS if (panel := named(name)(order, reader))]
    return show(request, "order", order, reader, {"story": story, "panels": panels})
