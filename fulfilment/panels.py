"""What fulfilment adds to the pages of an order, see oms/panels.py."""

from django.utils.translation import gettext as _

from fulfilment.customer.parcels import told_parcels, told_pickups
from fulfilment.models import Parcel


def customer_parcels(order, reader):
    """The parcels that left, and what waits to be collected, for the customer; None before that."""
    parcels = told_parcels(Parcel.objects.gone().filter(order=order), reader)
    pickups = told_pickups(order, reader)
    if not parcels and not pickups:
        return None
    return {
        "title": _("Ready to be collected") if pickups else _("Your parcels"),
        "template": "fulfilment/customer/parcels.html",
        "context": {"parcels": parcels, "pickups": pickups},
    }
