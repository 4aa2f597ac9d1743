"""Orders that come in pieces: the head in one document, the lines or the address in another."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from orders.channels.base import Incoming, IncomingOrder, Other

PIECES = (IncomingOrder.document, Other.document)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NAMES = {field.name for field in fields(IncomingOrder)}


def is_piece(read):
    """Say whether a document is a part of an order whose rest comes in others."""
    if isinstance(read, IncomingOrder):
        return read.is_partial
    return isinstance(read, Other) and bool(read.external_id and (read.ship_to or read.buyer))


def merge(pieces):
    """Return the IncomingOrder that `pieces` make together, of each field what the newest says that says something.

    None where total, currency or lines are missing.
    """
    order = IncomingOrder()
    for piece in sorted(pieces, key=lambda piece: getattr(piece, "updated_at", None) or LONG_AGO):
        order = replace(order, **_said(piece, order))
    if order.total is None or not order.currency or not order.lines:
        return None
    return replace(order, is_partial=False)


def alone(piece):
    """Return a piece of an order that is here already as what it says of the order but its lines, which are not all."""
    return replace(IncomingOrder(), **_said(piece, IncomingOrder()) | {"lines": (), "charges": (), "is_partial": True})


def _said(piece: Incoming, order: IncomingOrder):
    """Return {field: value} of what a piece says; nothing as an amount counts where nothing better was said."""
    said = {name: getattr(piece, name) for name in NAMES if hasattr(piece, name)}
    return {name: value for name, value in said.items() if value or (value == 0 and getattr(order, name) is None)}
