"""Karrio as a carrier: the merchant's own contracts with DHL, UPS, FedEx, DPD, ... over his own server's REST API.

https://docs.karrio.io/reference/openapi/. A shipment is not locked while it is bought: of two who buy it at once
both reach the carrier.
"""

from base64 import b64decode
from binascii import Error as NoBase64
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

from fulfilment.carriers.base import CarrierError, Label, Rate, Shipment, Tracked
from fulfilment.carriers.http import Refused, chosen, form_of, page_of
from fulfilment.carriers.karrio import track_of
from fulfilment.carriers.karrio_http import KarrioClient, client_of, words_of
from fulfilment.carriers.karrio_shipment import described
from fulfilment.carriers.responses.reading import PRE_TRANSIT, rate
from fulfilment.carriers.tree import Node
from oms.lib.money import quantise

PATIENCE_S = 8  # a packer waits for rates, and other carriers have theirs
LONGEST_CODE = 40
CANCELLED = "cancelled"


class Karrio:
    """A Karrio server, which asks the carriers that are connected to it; a service is "dhl_express.worldwide"."""

    is_immediate = False
    sells_once = False

    def __init__(self, url: str = "", timeout_s: float = 30) -> None:
        self.url = url
        self.timeout_s = timeout_s

    def rates(self, shipment: Shipment) -> list[Rate]:
        """Ask what each service costs; a parcel without weight has no rates."""
        if not shipment.weight_g:
            return []
        client, accounts = self._client(shipment.carrier, longest_s=PATIENCE_S)
        return list(offers_of(client.post("proxy/rates", described(shipment, accounts))).values())

    def announce(self, shipment: Shipment) -> str:
        """Create a draft under our reference, or find the one that was created before we heard of it."""
        if not shipment.weight_g:
            raise CarrierError("Karrio needs the weight of the parcel: close it with one.", retry=False)
        client, accounts = self._client(shipment.carrier)
        known = _known(client, shipment.reference) if shipment.is_again else None
        name = (known or client.post("shipments", described(shipment, accounts))).text("id")
        if not name or len(name) > 60:
            raise CarrierError("Karrio's answer names no shipment.", retry=True)
        return name

    def buy_label(self, shipment: Shipment) -> Label:
        """Buy the label of the announced shipment, once: what was purchased is only read."""
        client, _ = self._client(shipment.carrier)
        path = _path(shipment)
        found = client.get(path)
        if _is_draft(found) and shipment.is_asked:
            text = "Karrio was asked for this label and has not bought it yet: look again, or void it and buy another."
            raise CarrierError(text, retry=True)
        if _is_draft(found):
            found = _purchased(client, path, found, shipment.service)
        if found.text("status") == CANCELLED:
            raise CarrierError("Karrio: the shipment was cancelled there.", retry=False)
        try:
            return _label(client, path, found)
        except CarrierError as error:  # it is bought, so that this is no refusal
            raise CarrierError(error.message, retry=True, after_s=error.after_s) from error

    def void_label(self, shipment: Shipment) -> bool:
        """Have the carrier take the label back; a draft has none to give back (yet)."""
        client, _ = self._client(shipment.carrier)
        path = _path(shipment)
        found = client.get(path)
        if _is_draft(found):
            return False
        try:
            if found.text("status") != CANCELLED:
                client.post(f"{path}/cancel", {})
        except Refused:
            if client.get(path).text("status") != CANCELLED:
                raise
        return True

    def check(self, carrier: str) -> str:
        """Ask for one shipment, which every key may."""
        client, accounts = self._client(carrier)
        rows = client.get("shipments?limit=1").rows("results")
        mode = " (test mode)" if rows and rows[0].at("test_mode").value else ""
        return f"Karrio accepts the key{mode}; {', '.join(accounts) or 'all'} of its carriers are asked."

    def tracked(self, number: str, carrier: str) -> Tracked | None:
        """Return what Karrio's newest tracker of the number says."""
        client, _ = self._client(carrier)
        rows = client.get(f"trackers?limit=5&tracking_number={quote(number, safe='')}").rows("results")
        said = next((row for row in rows if row.text("tracking_number") == number), None)
        if said is None:
            return None
        events = tuple(event for event in track_of(said).events if event.code != PRE_TRANSIT)
        return Tracked(number, said.text("carrier_name"), events)

    def _client(self, carrier: str, *, longest_s: float = 60) -> tuple[KarrioClient, list[str]]:
        return client_of(carrier, url=self.url, timeout_s=min(self.timeout_s, longest_s))


def offers_of(found: Node) -> dict[str, Rate]:
    """Return {id: Rate} of a shipment, or of rates alone. Raises CarrierError, naming the field."""
    return {row.text("id") or row.path: _rate(row) for row in found.rows("rates")}


def _rate(row: Node) -> Rate:
    amount, currency, days = row.amount("total_charge"), row.text("currency"), row.number("transit_days")
    name = row.first(("meta", "service_name"), ("service",))
    found = rate(_service(row), name[:60], amount, currency, path=row.path, days=days)
    amount = quantise(found.amount, found.currency)
    return replace(found, amount=amount, terms=(("Karrio", amount),))


def _service(row: Node) -> str:
    """Return the code of a service: its carrier's name once, and no two long ones alike where they are cut."""
    carrier, service = row.text("carrier_name"), row.text("service")
    code = f"{carrier}.{service.removeprefix(f'{carrier}_')}" if service else ""
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[: LONGEST_CODE - 7]}~{sha256(code.encode()).hexdigest()[:6]}"


def _path(shipment: Shipment) -> str:
    return f"shipments/{quote(shipment.external_id, safe='')}"


def _is_draft(found: Node) -> bool:
    return found.text("status") == "draft"


def _known(client: KarrioClient, reference: str) -> Node | None:
    """Return our shipment, the one that was bought where there are two; Karrio finds parts of references, too."""
    rows = client.get(f"shipments?reference={quote(reference, safe='')}").rows("results")
    ours = [row for row in rows if row.text("reference") == reference and row.text("status") != CANCELLED]
    return min(ours, key=_is_draft, default=None)


def _purchased(client: KarrioClient, path: str, found: Node, service: str) -> Node:
    """Buy the rate of the service; a shipment that was bought, or cancelled, meanwhile is read."""
    why_none = "; ".join(words_of(row) for row in found.rows("messages")[:3]) or "no rates came back"
    offer = chosen(offers_of(found), service, name="Karrio", why_none=why_none)
    label_type = found.text("label_type") or "PDF"
    try:
        return client.post(f"{path}/purchase", {"selected_rate_id": offer, "label_type": label_type})
    except Refused as refusal:
        if refusal.answer != 409:
            raise
        return client.get(path)


def _label(client: KarrioClient, path: str, found: Node) -> Label:
    number, charged = found.text("tracking_number"), found.at("selected_rate")
    if not number:
        raise CarrierError("Karrio has not made the label yet.", retry=True)
    content = _content(client, path, found.text("label_type").lower() or "pdf")
    amount, currency = charged.amount("total_charge"), charged.text("currency")[:3]
    return Label(
        number[:60],
        content,
        form_of(content, "Karrio"),
        None if amount is None else quantise(amount, currency),
        currency,
        page_of(found.first(("meta", "carrier_tracking_link"), ("meta", "tracking_url"), ("tracking_url",))),
    )


def _content(client: KarrioClient, path: str, form: str) -> bytes:
    """Return the label's file: as base64, or by its address where the server is an older one."""
    try:
        data = client.post(f"{path}/documents/label", {}).text("base64")
        return b64decode("".join(data.split()), validate=True)
    except Refused as refusal:
        if refusal.answer not in (404, 405):
            raise
    except NoBase64 as error:
        raise CarrierError("Karrio's label is no base64.", retry=True) from error
    return client.fetch(f"{client.url}/{path}/label.{form}", client.headers)
