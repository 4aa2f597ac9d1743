"""A person has looked into pieces that keep missing."""

from django.utils import timezone

from inventory.models import StockAlert
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish


@command
def settle(alert_id, *, note, actor):
    """Close a drift that somebody has looked into; what is missed from now on counts anew.

    Publishes `stock.drift_settled`. Raises Invalid for low stock, which ends by itself, and without a note of what was
    found; InvalidTransition when it is closed already.
    """
    alert = StockAlert.objects.select_for_update(of=("self",)).select_related("sku", "location").get(pk=alert_id)
    if alert.kind != StockAlert.Kind.DRIFT:
        raise Invalid("Low stock ends when goods come, or when they are ordered.", field="note")
    if not note.strip():
        raise Invalid("Say what was found.", field="note")
    if alert.closed_at:
        raise InvalidTransition(f"{alert} was closed already.")
    alert.closed_at, alert.closed_by, alert.note = timezone.now(), actor, note.strip()
    alert.save(update_fields=["closed_at", "closed_by", "note"])
    data = {"sku": alert.sku_id, "location": alert.location_id, "pieces": alert.pieces}
    publish("stock.drift_settled", f"sku:{alert.sku_id}", actor=actor, **data)
    return alert
