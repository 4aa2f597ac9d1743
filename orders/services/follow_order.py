"""A channel says something new of an order that is here: taken while nothing is on the floor, and nobody changed it."""

import json

from django.utils.crypto import salted_hmac

from oms.lib.errors import Invalid
from orders.models import Hold, Order
from orders.services import change, holds, search
from orders.services.address_rules import doubts_of
from orders.services.intake import clean, clean_contacts
from orders.services.restate import restate
from orders.services.translate import order_in_of

FIELDS = ("ship_to", "bill_to", "email", "phone", "customer_note")
OVER = "The order is over: what the channel changed is not taken."


def said_of(order_in):
    """Return what a cleaned or placed OrderIn says, to compare the next with: hashes, and {line: pieces}."""
    said = {name: _hash(getattr(order_in, name)) for name in FIELDS if getattr(order_in, name)}
    lines = {}
    for line in order_in.lines:
        lines[_key(line)] = lines.get(_key(line), 0) + line.quantity
    prices = [[line.unit_price, line.discount, line.tax] for line in order_in.lines]
    money = [order_in.gross, order_in.tax, prices, [[row.kind, row.amount, row.tax] for row in order_in.charges]]
    return said | ({"lines": lines, "money": _hash(money)} if lines else {})


def follow(connection, record, read, *, actor):
    """Change the order of a locked ChannelOrder to what `read` says differently than before; returns a note.

    Raises Invalid where that is not possible any more, or somebody here changed the same line.
    """
    order = Order.objects.lock(record.order_id)
    if read.currency not in ("", order.currency):
        raise Invalid(f"It is in {read.currency} now, and was in {order.currency}.", field="currency")
    order_in = _order_in(connection, order, read)
    now, was = said_of(order_in), record.said
    new = {name for name, said in now.items() if said != was.get(name)}
    if not new:
        return ""
    # What is there already came back: it was told to the channel.
    fields = {name for name in new & set(FIELDS) if _hash(getattr(order, name)) != now[name]}
    locked = {name for name in fields if _is_ours(getattr(order, name), was.get(name))}
    fields -= locked
    operations = {name: getattr(order_in, name) for name in fields}
    if "lines" in new and order.is_open:
        operations |= _lines(order, order_in, was.get("lines", {}), now["lines"])
    if not order.is_open:
        return _note_over(order, {name: getattr(order_in, name) for name in fields}, record, was | now)
    if not operations and _costs_the_same(order, order_in):
        new.discard("money")
    if operations or "money" in new:
        _change(order, order_in, operations, new, actor=actor)
    record.said = was | now
    return _note(locked)


def _is_ours(value, said):
    """Say whether somebody here set a field to `value`, and not the channel, which `said` it last."""
    return bool(value or said) and _hash(value) != said


def _costs_the_same(order, order_in):
    ours = {_key(line): (line.unit_price, line.discount) for line in order.lines.priced()}
    stated = {_key(line): (line.unit_price, line.discount) for line in order_in.lines}
    return ours == stated and order_in.gross == order.gross and order_in.tax in (None, order.tax)


def _change(order, order_in, operations, new, *, actor):
    if not change.is_changeable(order):
        raise Invalid("The warehouse has the order: change it by hand, or stop it.", field=", ".join(sorted(new)))
    if operations:
        change.change(order.pk, operations, actor=actor)
    if "money" in new:
        restate(order.pk, order_in, actor=actor)
    if "ship_to" in operations:
        _lift_address_hold(order.pk, actor=actor)


def _note_over(order, fields, record, said):
    """Keep who it was for right, also of an order that was cancelled before the channel said so."""
    record.said = said
    if not fields or order.status != Order.Status.CANCELLED:
        return OVER
    change.write_fields(order, fields)
    search.rewrite(order)
    return ""


def _order_in(connection, order, read):
    """Return the cleaned OrderIn of `read`; of a piece without lines, with what it does say."""
    order_in = order_in_of(connection, order.channel, read)
    return clean(order_in) if order_in.lines else clean_contacts(order_in)


def _lines(order, order_in, was, now):
    """Return the operations that make lines as the channel has them now."""
    ours = {_key(line): line for line in order.lines.priced()}
    quantities, added = {}, []
    for key in was.keys() | now.keys():
        if was.get(key) == now.get(key):
            continue
        line = ours.get(key) or _taken_up(ours, order_in, key)
        kept = line and line.quantity - line.cancelled
        if line and kept == now.get(key, 0):
            continue
        if line and kept != was.get(key):
            raise Invalid(f"{line.sku_code} was changed here: settle it with the channel by hand.", field="lines")
        if line:
            quantities[str(line.pk)] = now.get(key, 0)
        else:
            added += [_added(new) for new in order_in.lines if _key(new) == key]
    found = {"quantities": quantities, "add": added}
    return {name: value for name, value in found.items() if value}


def _taken_up(ours, order_in, key):
    """Return the line that was added here, and now has a name at the channel too; None where there is none."""
    new = next((line for line in order_in.lines if _key(line) == key), None)
    line = ours.get(new.sku) if new else None
    if line is None or line.external_id or line.quantity == line.cancelled:
        return None
    line.external_id = new.external_id
    line.save(update_fields=["external_id"])
    return line


def _added(line):
    more = {"name": line.name, "external_id": line.external_id, "personalisation": line.personalisation}
    return {"sku": line.sku, "quantity": line.quantity, "unit_price": _text(line.unit_price), **more}


def _text(amount):
    return None if amount is None else str(amount)


def _key(line):
    """Return what a line goes by: the channel's id, else its goods."""
    return line.external_id or (line.sku_code if hasattr(line, "sku_code") else line.sku)


def _hash(value):
    """Return a hash of what may be a name or an address, which must not stand in a second place."""
    text = json.dumps(value, sort_keys=True, default=lambda amount: f"{amount.normalize():f}")
    return salted_hmac("orders.channel_said", text, algorithm="sha256").hexdigest()[:24]


def _lift_address_hold(order_id, *, actor):
    order = Order.objects.get(pk=order_id)
    hold = Hold.objects.active().filter(order=order, kind=Hold.Kind.ADDRESS, placed_by="system").first()
    if hold and not doubts_of(order):
        holds.release(order_id, hold.pk, note="The channel gave another address.", actor=actor)


def _note(locked):
    names = ", ".join(sorted(name.replace("_", " ") for name in locked))
    return f"Changed here, so not taken from the channel: {names}." if names else ""
