"""What the lines of an order count."""

from oms.lib.update import update

COUNTERS = ("cancelled", "on_floor", "shipped", "delivered", "return_requested", "returned")


def roll_up(lines):
    """Set the counters of kits among `lines` to the whole kits that their parts make up."""
    for kit in (line for line in lines if line.kind == "kit"):
        parts = [line for line in lines if line.parent_id == kit.pk]
        for name in COUNTERS:
            setattr(kit, name, min(getattr(part, name) // part.per_kit for part in parts))


def save(lines):
    """Write the counters of locked `lines`, those of kits derived from their parts."""
    roll_up(lines)
    update(lines, COUNTERS)


def leaf_pieces(lines, wanted):
    """Return {leaf line id: pieces} of `wanted` ({line id: pieces}), kits opened into their parts."""
    by_pk = {line.pk: line for line in lines}
    pieces = {}
    for pk, quantity in wanted.items():
        line = by_pk[int(pk)]
        parts = [part for part in lines if part.parent_id == line.pk] if line.kind == "kit" else [line]
        for part in parts:
            pieces[part.pk] = pieces.get(part.pk, 0) + quantity * (part.per_kit if part is not line else 1)
    return pieces
