"""What becomes of an order of a spreadsheet: it is new, waits for a SKU, is here already, or differs from that."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field

from oms.lib.errors import DomainError
from orders.channels.base import Refused
from orders.channels.reading import Doc
from orders.channels.spreadsheet import reader
from orders.imports.records import Refusal, Row
from orders.models import ChannelDocument, ChannelOrder, Order
from orders.services.follow_order import FIELDS, said_of
from orders.services.intake import OrderIn, clean
from orders.services.ordered_at import check_live
from orders.services.translate import UnknownSkus, code_of, known_skus, order_in_of

NEW, PLACED, WAITS, UNCHANGED, REFUSED = "new", "placed", "waits", "unchanged", "refused"
# What a service calls a field, where a spreadsheet has another word for it.
CALLED = {"external_id": "order_id", "discount": "line_discount", "tax": "line_tax", "name": "item"}
WORDS = {"ship_to": "delivery address", "bill_to": "billing address", "email": "e-mail"}
WORDS |= {"customer_note": "note", "money": "prices, shipping, tax or total"}
Status = ChannelDocument.Status


@dataclass
class Judged:
    """An order of the file, by its number and rows, and what becomes of it; `said` as on a ChannelOrder."""

    key: str
    rows: list[Row]
    outcome: str = NEW
    body: bytes = b""
    order_in: OrderIn | None = None
    order: Order | None = None
    record: ChannelOrder | None = None
    said: dict = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def delivery_id(self):
        return f"sheet:{hashlib.sha256(self.body).hexdigest()}"

    def refuse(self, error):
        """Refuse all rows because of a DomainError, which may name a field of a line."""
        name, row = _cell(error.field or "", self.rows)
        reason = f"Not taken, because of row {row.number} of the same order."
        self.outcome = REFUSED
        self.refusals = [Refusal(row.number, self.key, name, error.message)]
        self.refusals += [Refusal(one.number, self.key, "", reason) for one in self.rows if one is not row]


def judge(connection, channels, documents):
    """Return the Judged of `documents` ([(key, rows, document)]), in a number of queries that they do not change.

    `channels` is {currency: Channel} of the connection.
    """
    found = [_read(key, rows, document) for key, rows, document in documents]
    reads = [read for _, read in found if read]
    known = known_skus(connection, {code_of(line) for read in reads for line in read.lines})
    ids = [read.external_id for read in reads]
    records = {one.external_id: one for one in connection.orders.filter(external_id__in=ids).select_related("order")}
    orders = Order.objects.filter(channel__in=channels.values(), external_id__in=ids).prefetch_related("lines")
    here = {order.external_id: order for order in orders}
    waiting = _waiting(connection, ids)
    for judged, read in ((judged, read) for judged, read in found if read):
        judged.record = records.get(judged.key)
        order = here.get(judged.key) or (judged.record.order if judged.record else None)
        try:
            _settle(judged, read, connection, channels[read.currency], known, order, waiting.get(judged.key))
        except DomainError as error:
            judged.refuse(error)
    return [judged for judged, _ in found]


def differences(judged, order):
    """Return what an order of the file says differently than a file before it, or else than the order that is here."""
    order_in, said, was = judged.order_in, judged.said, judged.record.said if judged.record else {}
    if was.get("lines"):
        names = [name for name in (*FIELDS, "money") if name in said and said[name] != was.get(name)]
        return [*_pieces(said["lines"], was["lines"]), *map(_words, names)]
    names = [name for name in FIELDS if getattr(order_in, name) and getattr(order_in, name) != getattr(order, name)]
    found = [*_pieces(_count(order_in.lines, "sku"), _count(order.lines.all(), "sku_code"))]
    found += map(_words, names)
    if order_in.gross is not None and order_in.gross != order.gross:
        found.append(f"total {order_in.gross:.2f}, here {order.gross:.2f}")
    return found


def _read(key, rows, document):
    body = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    (read,) = reader.read(Doc(document, ""))
    judged = Judged(key, rows, body=body)
    if isinstance(read, Refused):
        judged.refuse(DomainError(read.reason))
        return judged, None
    return judged, read


def _settle(judged, read, connection, channel, known, order, waiting):
    if waiting and judged.delivery_id in waiting:
        judged.outcome = UNCHANGED
        return
    if waiting:
        raise DomainError("Another version of this order waits for a SKU: see Channel inbox.", field="external_id")
    try:
        judged.order_in = clean(order_in_of(connection, channel, read, known=known))
        judged.said = said_of(judged.order_in)
    except UnknownSkus as error:
        if order:
            text = f"It is here already, without {', '.join(error.found)}: change that order by hand."
            raise DomainError(text, field=_field_of_sku(read, error.found)) from None
        judged.outcome = WAITS
        return
    if order is None:
        check_live(judged.order_in.ordered_at)
        return
    if found := differences(judged, order):
        raise DomainError(f"It is here already as {order}, and differs: {'; '.join(found)}.", field="external_id")
    judged.outcome = UNCHANGED


def _field_of_sku(read, codes):
    at = next((i for i, line in enumerate(read.lines) if line.sku in codes), 0)
    return f"lines.{at}.sku"


def _waiting(connection, ids):
    """Return {order's number: {delivery ids}} of documents that will still become orders."""
    status = [Status.PENDING, Status.WAITING, Status.UNMAPPED]
    rows = connection.documents.filter(external_id__in=ids, status__in=status)
    found = {}
    for external_id, delivery_id in rows.values_list("external_id", "delivery_id"):
        found.setdefault(external_id, set()).add(delivery_id)
    return found


def _cell(name, rows):
    """Return (field, Row) that a service means by "lines.2.quantity" or "ship_to.city"."""
    head, _, rest = name.partition(".")
    if head == "lines" and rest:
        at, _, of_line = rest.partition(".")
        row = rows[int(at)] if at.isdigit() and int(at) < len(rows) else rows[0]
        return CALLED.get(of_line, of_line), row
    if head in ("ship_to", "bill_to"):
        return (f"bill_{rest}" if head == "bill_to" else rest), rows[0]
    return ("" if head in ("lines", "discounts", "channel") else CALLED.get(name, name)), rows[0]


def _count(lines, name):
    found = Counter()
    for line in lines:
        if name == "sku" or line.parent_id is None:
            found[getattr(line, name).upper()] += line.quantity
    return dict(found)


def _pieces(now, was):
    keys = [key for key in now | was if now.get(key) != was.get(key)]
    return [f"{key} {now.get(key, 0)} pieces, not {was.get(key, 0)}" for key in keys]


def _words(name):
    return WORDS.get(name, name)
