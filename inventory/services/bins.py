"""Bins: the system's own, made on first use, and whether one may be used."""

from inventory.models import Bin
from oms.lib.errors import Invalid
from oms.lib.prepared import Param, prepared

CODES = {Bin.Kind.DOCK: "DOCK", Bin.Kind.STAGE: "STAGE", Bin.Kind.QUARANTINE: "QUARANTINE"}


_of_kind = prepared(
    lambda: Bin.objects.filter(location=Param("location"), kind=Param("kind"), is_active=True).order_by("pk")[:1]
)


def system_bin(location, kind):
    """Return the location's first DOCK, STAGE or QUARANTINE bin, made on first use."""
    if found := _of_kind(location=location.pk, kind=kind):
        return found[0]
    return Bin.objects.update_or_create(
        location=location, code=CODES[kind], defaults={"kind": kind, "is_active": True}
    )[0]


def check_bin(bin, location):
    """Return `bin`; raises Invalid when it is another location's or closed. No bin is fine."""
    if bin is None:
        return None
    if bin.location_id != location.pk:
        raise Invalid(f"Bin {bin} is not in {location}.", field="bin")
    if not bin.is_active:
        raise Invalid(f"Bin {bin} is closed.", field="bin")
    return bin
