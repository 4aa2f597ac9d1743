"""What EasyPost says of an address: https://docs.easypost.com/docs/addresses."""

from fulfilment.carriers.base import CarrierError, CheckedAddress
from fulfilment.carriers.tree import Node

# Its fields of a place and ours; who lives there is not what is asked.
FIELDS = {"street1": "line1", "street2": "line2", "city": "city", "state": "region", "zip": "postcode"}
FIELDS |= {"country": "country"}


def checked(found: Node) -> CheckedAddress:
    """Return what an Address with its verifications says. Raises CarrierError where it was not verified."""
    delivery = found.at("verifications", "delivery")
    if not delivery:
        raise CarrierError("EasyPost says nothing of the address.", retry=False)
    said = "; ".join(filter(None, (row.text("message") for row in delivery.rows("errors")[:3])))
    address = {ours: found.text(theirs) for theirs, ours in FIELDS.items() if found.text(theirs)}
    return CheckedAddress(delivery.at("success").value is True, said[:200], address)
