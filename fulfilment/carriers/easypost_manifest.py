"""EasyPost's scan form, a carrier's own manifest: https://docs.easypost.com/docs/scan-form.

A shipment stands on one form only, and EasyPost refuses it for a second; so whoever asks again is given the first.
"""

from urllib.parse import quote

from fulfilment.carriers.base import CarrierError, CarrierManifest, Load
from fulfilment.carriers.http import Client, Refused
from fulfilment.carriers.tree import Node


def scan_form(client: Client, load: Load) -> CarrierManifest:
    """Return the form of what leaves, with its file. Raises CarrierError."""
    found = _standing(client, load) if load.is_again else None
    found = found or _asked(client, load)
    if found.text("status") == "failed":
        raise CarrierError(f"EasyPost: {found.text('message') or 'the form failed'}"[:250], retry=False)
    name, url = found.text("id"), found.text("form_url")
    if not name or len(name) > 60 or not url:
        raise CarrierError("EasyPost has not made the form yet.", retry=True)
    content = client.fetch(url)
    if not content.startswith(b"%PDF"):
        raise CarrierError("EasyPost's form is no PDF.", retry=True)
    return CarrierManifest(name, content)


def _asked(client: Client, load: Load) -> Node:
    """Ask for a form; where an earlier question was heard meanwhile, its form is read."""
    try:
        return client.post("scan_forms", {"shipments": [{"id": name} for name, _ in load.labels]})
    except Refused:
        found = _standing(client, load)
        if found is None:
            raise
        return found


def _standing(client: Client, load: Load) -> Node | None:
    """Return the form that the labels stand on, or None where the first of them stands on none, or on one that failed.

    Raises CarrierError where others of them are not on it: somebody made it elsewhere.
    """
    first, _ = load.labels[0]
    name = client.get(f"shipments/{quote(first, safe='')}").text("scan_form", "id")
    found = client.get(f"scan_forms/{quote(name, safe='')}") if name else None
    if found is None or found.text("status") == "failed":
        return None
    on_it = {row.text() for row in found.rows("tracking_codes")}
    missing = [number for _, number in load.labels if number not in on_it]
    if missing:
        words = (
            f"EasyPost has another form, {name[:60]}, without {', '.join(missing[:5])}: ask EasyPost for one of these."
        )
        raise CarrierError(words[:250], retry=False)
    return found
