"""The link by which a supplier without our API answers one request: signed, expiring, bound to its address."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from oms.lib import tokens

LIFETIME = timedelta(days=60)
PURPOSE = "supplier"


def supplier_link(row):
    """Return the address of the page on which the supplier answers for fulfilment order `row`."""
    token = tokens.sign(PURPOSE, f"{row.pk}-{row.location_id}", expires=timezone.now() + LIFETIME)
    return settings.SITE_URL + reverse("supply:request", args=[token])


def row_of(token):
    """Return the fulfilment order of a link's `token`; None when it is forged, over, or sourced elsewhere."""
    try:
        pk, _, location_id = tokens.read(PURPOSE, token).partition("-")
    except tokens.DeadLink:
        return None
    rows = FulfilmentOrder.objects.select_related("order__channel__seller", "location")
    return rows.filter(pk=pk, location=location_id, location__supplier__isnull=False).first()
