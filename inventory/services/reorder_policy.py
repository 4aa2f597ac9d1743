"""Which policy holds for a SKU at a location."""

from inventory.models import ReorderPolicy

DEFAULT = ReorderPolicy()


class Policies:
    """All policies, read once; `of(sku id, location id, class)` is the narrowest, or the defaults."""

    def __init__(self):
        self._rows = {(row.sku_id, row.abc_class, row.location_id): row for row in ReorderPolicy.objects.all()}

    def of(self, sku_id, location_id, abc_class):
        """Return the `ReorderPolicy` for a SKU of `abc_class` at a location; unsaved where nobody made one."""
        for whose in ((sku_id, ""), (None, abc_class), (None, "")):
            for place in (location_id, None):
                if found := self._rows.get((*whose, place)):
                    return found
        return DEFAULT
