"""EasyPost's pickups: a driver is asked for, booked at a rate, sent away: https://docs.easypost.com/docs/pickups.

A Pickup that was created costs nothing; it is booked once, for it keeps its state. It is for the carrier account of one
shipment, whatever else stands there: how many parcels wait is told the driver in words.
"""

from decimal import Decimal
from urllib.parse import quote

from fulfilment.carriers.base import Booked, CarrierError, Collection
from fulfilment.carriers.http import Client, Refused
from fulfilment.carriers.tree import Node

BOOKED, CANCELLED = "scheduled", "canceled"
MOST_TOLD = 200  # letters


def announced(client: Client, wish: Collection, address: dict[str, str]) -> str:
    """Create the Pickup and return its id. Raises CarrierError."""
    if not wish.shipment:
        raise CarrierError("EasyPost books a pickup for labels it sold: buy one of a parcel here first.", retry=False)
    told = {
        "reference": wish.reference,
        "shipment": {"id": wish.shipment},
        "address": address,
        "min_datetime": wish.starts_at.isoformat(),
        "max_datetime": wish.ends_at.isoformat(),
        "instructions": f"{wish.parcels} parcels, {wish.weight_g / 1000:g} kg. {wish.instructions}".strip()[:MOST_TOLD],
    }
    name = client.post("pickups", {"pickup": told}).text("id")
    if not name or len(name) > 60:
        raise CarrierError("EasyPost's answer names no pickup.", retry=True)
    return name


def booked(client: Client, wish: Collection) -> Booked:
    """Book the Pickup at its cheapest rate, once: what is booked is only read. Raises CarrierError."""
    path = _path(wish)
    found = client.get(path)
    rate = _cheapest(found)
    if found.text("status") != BOOKED:
        found = _bought(client, path, rate)
    if found.text("status") != BOOKED:
        raise CarrierError("EasyPost has not booked the pickup yet.", retry=True)
    service = f"{rate.text('carrier')} {rate.text('service')}"[:60]
    return Booked(found.text("confirmation")[:60], service, rate.amount("rate"), rate.text("currency")[:3])


def cancelled(client: Client, wish: Collection) -> bool:
    """Cancel the Pickup; False where it is not booked (yet). Raises CarrierError."""
    path = _path(wish)
    found = client.get(path)
    if found.text("status") == BOOKED:
        found = client.post(f"{path}/cancel", {})
        if found.text("status") != CANCELLED:
            raise CarrierError("EasyPost has not cancelled the pickup yet.", retry=True)
    return found.text("status") == CANCELLED


def _path(wish: Collection) -> str:
    return f"pickups/{quote(wish.external_id, safe='')}"


def _bought(client: Client, path: str, rate: Node) -> Node:
    """Book at a rate; a Pickup that was booked meanwhile is read."""
    try:
        return client.post(f"{path}/buy", {"carrier": rate.text("carrier"), "service": rate.text("service")})
    except Refused:
        found = client.get(path)
        if found.text("status") != BOOKED:
            raise
        return found


def _cheapest(found: Node) -> Node:
    """Return the rate that is booked, of a Pickup always the same. Raises CarrierError with the carrier's words."""
    rows = found.rows("pickup_rates")
    if not rows:
        why = "; ".join(row.text("message") for row in found.rows("messages")[:3]) or "no rates came back"
        raise CarrierError(f"EasyPost books no pickup: {why}"[:250].rstrip(".") + ".", retry=False)
    return min(rows, key=lambda row: (row.amount("rate") or Decimal(0), row.text("service")))
