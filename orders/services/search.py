"""What an order can be found by: keys written with it, and asked by every search box."""

import re
import unicodedata

from django.db.models import Exists, OuterRef

from orders.models import SearchKey, Seller
from orders.services.intake import clean_phone

Kind = SearchKey.Kind
MOST_HITS = 50
NUMBER = re.compile(r"\d")
# A telephone number as people write it: at most 15 digits (ITU-T E.164), and those by which another country is dialled.
PHONE = re.compile(r"[\s()/.-]*\+?(?:[\s()/.-]*\d){6,18}[\s()/.-]*")
# How umlauts are written where there is no key for them; of the others Unicode knows no plain letter.
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})


def normalise(value):
    """Return `value` as it stands in the index: lower case, no accents, no blanks around, ≤ 100."""
    text = str(value).casefold()
    if text.isascii():
        return text.strip()[:100]
    plain = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(char for char in plain if not unicodedata.combining(char)).strip()[:100]


def spellings(text):
    """Return the normalised ways to write `text`: with plain letters, and with umlauts written out."""
    if str(text).isascii():
        return [normalise(text)]
    composed = unicodedata.normalize("NFC", str(text).casefold())
    return list(dict.fromkeys([normalise(text), normalise(composed.translate(WRITTEN_OUT))]))


def keys_of(order, lines):
    """Return the unsaved SearchKeys of an order with a pk and its `lines`."""
    values = {(Kind.NUMBER, order.number), (Kind.EXTERNAL, order.external_id), (Kind.EMAIL, order.email)}
    values.add((Kind.EXTERNAL, order.external_number.lstrip("#")))
    values |= {(Kind.PHONE, _digits(order.phone)), (Kind.PO, order.purchase_order)}
    for address in (order.ship_to, order.bill_to):
        values |= {(Kind.NAME, way) for name in _names(address) for way in spellings(name)}
        values.add((Kind.POSTCODE, address.get("postcode", "")))
    values |= {(Kind.SKU, line.sku_code) for line in lines}
    return [
        SearchKey(order=order, kind=kind, value=value)
        for kind, value in sorted({(kind, normalise(value)) for kind, value in values})
        if value
    ]


def _names(address):
    """Return what somebody may be called by: each word, the whole name, last name first."""
    name = address.get("name", "").split()
    words = [*name, *address.get("company", "").split()][:8]
    return [*words, " ".join(name), *([f"{name[0]} {name[-1]}", f"{name[-1]} {name[0]}"] if len(name) > 1 else [])]


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


def find(text, *, among=None, by="pk", limit=MOST_HITS):
    """Return {order id: kind of key} of orders that `text` finds, the newest first, exact hits alone.

    Where something is called exactly `text`, that is what was meant; else whatever begins with it,
    from 3 characters on. `among` narrows it to the orders that a QuerySet's rows name in their field `by`.
    """
    return exact(text, among=among, by=by, limit=limit) or starting(text, among=among, by=by, limit=limit)


def exact(text, *, among=None, by="pk", limit=MOST_HITS):
    """Return {order id: kind of key} of orders of which something is called exactly `text`."""
    values = [*_values(text), *_national(text)]
    return _hits(SearchKey.objects.filter(value__in=values), among, by, limit) if values else {}


def starting(text, *, among=None, by="pk", limit=MOST_HITS):
    """Return {order id: kind of key} of orders of which something begins with `text`, 3 characters at least."""
    values = [value for value in spellings(_bare(text)) if len(value) >= 3]
    return _hits(SearchKey.objects.starting(values), among, by, limit) if values else {}


def numbers_in(text):
    """Return the numbers of a pasted list, each once, in order; one word or a name: []."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    are_numbers = len(words) > 1 and all(NUMBER.search(word) and len(word) >= 5 for word in words)
    return list(dict.fromkeys(words)) if are_numbers else []


def pasted(text):
    """Return the `numbers_in` a text; none where it is one telephone number that somebody here is called by."""
    numbers = numbers_in(text)
    return [] if numbers and PHONE.fullmatch(text) and exact(text) else numbers


def find_all(texts):
    """Return ({order ids}, [texts that name no order]) for a pasted list of numbers; one statement."""
    values = {text: _values(text) for text in texts}
    keys = SearchKey.objects.filter(value__in={value for some in values.values() for value in some})
    by_value = {}
    for value, order_id in keys.values_list("value", "order_id"):
        by_value.setdefault(value, set()).add(order_id)
    missing = [text for text, some in values.items() if not any(value in by_value for value in some)]
    return set().union(*by_value.values()), missing


def _hits(keys, among, by, limit):
    if among is not None:
        keys = keys.filter(Exists(among.filter(**{by: OuterRef("order_id")})))
    hits = dict(keys.order_by("-order_id").values_list("order_id", "kind")[: limit * 4])
    return dict(list(hits.items())[:limit])


def _bare(text):
    """Return `text` as people mean it: without the # of a number, the comma of "Miller, Ann", double blanks."""
    return " ".join(str(text).replace(", ", " ").split()).lstrip("#")


def _values(text):
    """Return the normalised values that `text` may stand for: itself, and its digits where it can be a phone's."""
    values, phone = spellings(_bare(text)), _digits(text).removeprefix("00")
    is_phone = len(phone) >= 5 and not any(char.isalpha() for char in text)
    return [found for found in dict.fromkeys([*values, phone] if is_phone else values) if found]


def _national(text):
    """Return the digits of what is called where our sellers are by dialling `text`, as placing keeps a number."""
    if not PHONE.fullmatch(str(text)):
        return []
    countries = Seller.objects.order_by("country").values_list("country", flat=True).distinct()
    return [_digits(clean_phone(str(text), country)) for country in countries]


def _digits(text):
    return "".join(char for char in str(text) if char.isdigit())
