"""Which reader reads the answers of which carrier; the one door to them."""

from fulfilment.carriers.base import CarrierError
from fulfilment.carriers.responses import (
    australia_post,
    canada_post,
    couriers,
    dhl,
    dpd,
    easypost,
    fedex,
    gls,
    hermes,
    karrio,
    posts,
    ups,
    usps,
)
from fulfilment.carriers.responses.reading import Reader, Reading
from fulfilment.carriers.tree import read_tree

# Names without blanks and signs, and other names of the same.
READERS: dict[str, Reader] = {
    "asendia": couriers.read_asendia,
    "australiapost": australia_post.read,
    "auspost": australia_post.read,
    "canadapost": canada_post.read,
    "canadapostpws": canada_post.read,
    "dhl": dhl.read,
    "dhlexpress": dhl.read,
    "dhlparcelde": dhl.read,
    "dhluniversal": dhl.read,
    "mydhl": dhl.read,
    "dpd": dpd.read,
    "dpdmeta": dpd.read,
    "easypost": easypost.read,
    "easypostpython": easypost.read,
    "fedex": fedex.read,
    "fedexws": fedex.read,
    "gls": gls.read,
    "hermes": hermes.read,
    "karrio": karrio.read,
    "newzealandpost": posts.read_new_zealand_post,
    "nzpost": posts.read_new_zealand_post,
    "parcelone": couriers.read_parcelone,
    "seko": couriers.read_seko,
    "sendle": couriers.read_sendle,
    "stamps": posts.read_stamps,
    "stampscom": posts.read_stamps,
    "teleship": couriers.read_teleship,
    "ups": ups.read,
    "usps": usps.read,
    "uspsinternational": usps.read,
}


def read_response(carrier: str, body: bytes) -> Reading:
    """Return what an answer of a carrier says; one that cannot be understood is of kind "refused", with its reason."""
    reader = READERS.get("".join(letter for letter in carrier.casefold() if letter.isalnum()))
    if reader is None:
        return Reading("refused", f"No carrier {carrier[:40]!r} is known; known: {', '.join(sorted(READERS))}.")
    try:
        return reader(read_tree(body))
    except CarrierError as error:
        return Reading("refused", error.message)
