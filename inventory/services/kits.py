"""Kits: what they are made of, and how many can be made."""

from collections import defaultdict

from inventory.models import KitComponent
from oms.lib.among import among


def components(kit_ids):
    """Return {kit id: [KitComponent with its component]} in one query; kits without parts are not in it."""
    found = defaultdict(list)
    for part in KitComponent.objects.filter(among("kit_id", kit_ids)).select_related("component").order_by("pk"):
        found[part.kit_id].append(part)
    return dict(found)


def buildable(parts, pieces_of):
    """Return how many kits of `parts` ([KitComponent]) can be made; None: without end, 0: it has no parts.

    `pieces_of(component)` says how many pieces of it there are, None for without end.
    """
    limits = [pieces_of(part.component) for part in parts]
    counted = [pieces // part.quantity for part, pieces in zip(parts, limits, strict=True) if pieces is not None]
    return min(counted, default=None if parts else 0)
