"""What can be promised of a SKU changed: noted in the transaction of the change, and taken by who tells others."""

from inventory.models import KitComponent, StockChange
from oms.lib.among import among
from oms.lib.insert import insert

MOST_TAKEN = 1000


def note_changes(sku_ids):
    """Note in the caller's transaction that what can be promised of these SKUs changed, or may have."""
    insert([StockChange(sku_id=pk) for pk in sorted(set(sku_ids))])


def take_changes():
    """Return {sku id: since when} of what was noted, kits of such parts too, and forget it with the caller's commit.

    At most MOST_TAKEN notes a call, the oldest first; {} when there are none.
    """
    notes = list(StockChange.objects.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:MOST_TAKEN])
    StockChange.objects.filter(among("id", [note.pk for note in notes])).delete()
    since = {}
    for note in notes:
        since[note.sku_id] = min(note.at, since.get(note.sku_id, note.at))
    parts = KitComponent.objects.filter(among("component_id", since)).values_list("component_id", "kit_id")
    for part, kit in list(parts):
        since[kit] = min(since[part], since.get(kit, since[part]))
    return since
