"""What documents become, in words that a table can hold."""

import json

from orders.channels.base import Incoming, IncomingOrder, Refused
from orders.channels.registry import read_payload
from orders.management.commands.channel_payload import as_json

FIGURES = ("tax", "shipping", "discount", "refunded")


def body_of(document) -> bytes:
    if isinstance(document, bytes):
        return document
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()


def read(kind, document):
    return read_payload(kind, body_of(document))


def only(kind, document) -> Incoming:
    """Return the one document that comes of a body, which is not refused."""
    (found,) = read(kind, document)
    assert not isinstance(found, Refused), found.reason
    return found


def words(one):
    """Return "order 1 #1001 9.00 EUR 2 lines tax 1.00 … for Ann": what says nothing is left out."""
    said = as_json(one)
    parts = [said["document"], said["external_id"]]
    parts += [f"#{said['number'].removeprefix('#')}"] if said["number"] not in (None, said["external_id"]) else []
    parts += [said["total"], said["currency"]]
    parts += [f"{said['line_count']} lines"] if said["line_count"] else []
    parts += [f"{name} {said[name]}" for name in FIGURES if said[name] not in (None, "0", "0.00")]
    parts += [f"for {said['name']}"] if said["name"] else []
    parts += [f"refused: {said['refused']}"] if said["refused"] else []
    return " ".join(part for part in parts if part)


def sum_of(order: IncomingOrder):
    """Return what an order's own parts come to, which must be its total."""
    goods = sum(line.amount - line.discount for line in order.lines if not line.parent_id)
    charges = sum(charge.amount for charge in order.charges)
    taxes = 0
    if not order.prices_include_tax:
        taxes = sum(line.tax for line in order.lines if not line.parent_id) + sum(one.tax for one in order.charges)
    return goods + charges + taxes - order.order_discount - order.gift_cards


def inside(order: IncomingOrder):
    """Return what an order is made of, a line each: "2 × MUG at 10.00 less 2.00 tax 3.42", "captured 9.00 visa"."""
    said = [
        f"{line.quantity} × {line.sku or line.name} at {line.unit_price}"
        + (f" less {line.discount}" if line.discount else "")
        + (f" tax {line.tax}" if line.tax else "")
        + (f" in {line.parent_id}" if line.parent_id else "")
        + (f" ({line.personalisation})" if line.personalisation else "")
        for line in order.lines
    ]
    said += [f"{one.kind} {one.amount}" + (f" tax {one.tax}" if one.tax else "") for one in order.charges]
    said += [f"{one.state} {one.amount} {one.method}" for one in order.payments]
    flags = ("is_partial", "is_draft", "is_test", "is_cancelled", "prices_include_tax")
    return said + [name for name in flags if getattr(order, name)]
