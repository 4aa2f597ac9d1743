"""What an order can be found by: keys written with it, and asked by every search box."""

import unicodedata

from orders.models import Order, SearchKey

Kind = SearchKey.Kind
MOST_HITS = 50


def normalise(value):
    """Return `value` as it stands in the index: lower case, no accents, no blanks around, ≤ 100."""
    plain = unicodedata.normalize("NFKD", str(value)).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char)).strip()[:100]


def keys_of(order, lines):
    """Return the unsaved SearchKeys of an order with a pk and its `lines`."""
    values = {(Kind.NUMBER, order.number), (Kind.EXTERNAL, order.external_id), (Kind.EMAIL, order.email)}
    values |= {(Kind.PHONE, _digits(order.phone)), (Kind.PO, order.purchase_order)}
    for address in (order.ship_to, order.bill_to):
        words = f"{address.get('name', '')} {address.get('company', '')}"
        values |= {(Kind.NAME, word) for word in words.split()[:8]}
        values.add((Kind.NAME, address.get("name", "")))
        values.add((Kind.POSTCODE, address.get("postcode", "")))
    values |= {(Kind.SKU, line.sku_code) for line in lines}
    return [
        SearchKey(order=order, kind=kind, value=value)
        for kind, value in sorted({(kind, normalise(value)) for kind, value in values})
        if value
    ]


def add_key(order_id, kind, value):
    """Make the order findable by `value`; a second time does nothing. Higher apps call it."""
    SearchKey.objects.bulk_create(
        [SearchKey(order_id=order_id, kind=kind, value=normalise(value))], ignore_conflicts=True
    )


def rewrite(order):
    """Write the keys of a changed order anew, but for those that other apps added."""
    own = [Kind.NUMBER, Kind.EXTERNAL, Kind.EMAIL, Kind.PHONE, Kind.PO, Kind.NAME, Kind.POSTCODE, Kind.SKU]
    SearchKey.objects.filter(order=order, kind__in=own).delete()
    SearchKey.objects.bulk_create(keys_of(order, order.lines.all()))


def find(text, *, orders=None, limit=MOST_HITS):
    """Return {order id: kind of key} of orders that `text` finds, the newest first, exact hits alone.

    Where something is called exactly `text`, that is what was meant; else whatever begins with it,
    from 3 characters on. `orders` narrows it to a QuerySet (a partner's own).
    """
    value = normalise(text).lstrip("#")
    phone = _digits(text)
    values = [value, phone] if len(phone) >= 5 and not any(char.isalpha() for char in text) else [value]
    if not value:
        return {}
    for keys in (SearchKey.objects.filter(value__in=values), SearchKey.objects.starting(value)):
        if orders is not None:
            keys = keys.filter(order__in=orders)
        hits = dict(keys.order_by("-order_id").values_list("order_id", "kind")[: limit * 4])
        if hits or len(value) < 3:
            return dict(list(hits.items())[:limit])
    return {}


def by_number(number):
    """Return the order that people call `number`, or None."""
    return Order.objects.numbered(number).first()


def _digits(text):
    return "".join(char for char in str(text) if char.isdigit())
