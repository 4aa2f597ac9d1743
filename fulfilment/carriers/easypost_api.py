"""EasyPost as a carrier: rates, labels, refunds and trackers over its API, https://docs.easypost.com/docs/shipments."""

from dataclasses import replace
from decimal import ROUND_UP, Decimal
from typing import Any
from urllib.parse import quote

from fulfilment.carriers import easypost, easypost_pickup
from fulfilment.carriers.base import (
    Booked,
    CarrierError,
    CarrierManifest,
    CheckedAddress,
    Collection,
    Label,
    Load,
    Rate,
    Shipment,
    Tracked,
)
from fulfilment.carriers.easypost_address import checked
from fulfilment.carriers.easypost_customs import G_PER_OZ, customs_info, incoterm
from fulfilment.carriers.easypost_http import EasyPostClient, client_of
from fulfilment.carriers.easypost_manifest import scan_form
from fulfilment.carriers.easypost_premium import INSURES_IN, charged, with_premium
from fulfilment.carriers.http import Client, Refused, chosen, form_of, page_of
from fulfilment.carriers.insured import insured_in
from fulfilment.carriers.tree import Node

MM_PER_IN = Decimal("25.4")
PATIENCE_S = 8  # a packer waits for rates, and other carriers have theirs
EXISTS = "SHIPMENT.POSTAGE.EXISTS"
# Of a refund: it is on its way, or the carrier charges only what it scans.
GIVEN_BACK = {"submitted", "refunded", "not_applicable"}


class EasyPost:
    """An account at EasyPost, which sells the labels of many carriers; a service is "USPS.Priority"."""

    is_immediate = False
    sells_once = True

    def __init__(self, url: str = "https://api.easypost.com", timeout_s: float = 20) -> None:
        self.url = url
        self.timeout_s = timeout_s

    def rates(self, shipment: Shipment) -> list[Rate]:
        """Ask what each service costs, by a shipment that is never bought; a parcel without weight has no rates."""
        if not shipment.weight_g:
            return []
        client, accounts = self._client(shipment.carrier, longest_s=PATIENCE_S)
        asked = replace(shipment, reference="")  # nothing of it is looked for later
        found = rates_of(client.post("shipments", {"shipment": _described(asked, accounts)}))
        return [with_premium(rate, shipment) for rate in found]

    def announce(self, shipment: Shipment) -> str:
        """Create the shipment under our reference, or find the one that was created before we heard of it."""
        if not shipment.weight_g:
            raise CarrierError("EasyPost needs the weight of the parcel: close it with one.", retry=False)
        client, accounts = self._client(shipment.carrier)
        known = _known(client, shipment.reference) if shipment.is_again else None
        found = known or client.post("shipments", {"shipment": _described(shipment, accounts)})
        return _id(found)

    def buy_label(self, shipment: Shipment) -> Label:
        """Buy the label of the announced shipment, once: what has its postage is only read."""
        client, _ = self._client(shipment.carrier)
        path = f"shipments/{quote(shipment.external_id, safe='')}"
        found = client.get(path)
        if not found.at("postage_label"):
            found = _bought(client, path, found, shipment)
        try:
            return _label(client, found, shipment)
        except CarrierError as error:  # it is bought, so that this is no refusal
            raise CarrierError(error.message, retry=True, after_s=error.after_s) from error

    def void_label(self, shipment: Shipment) -> bool:
        """Ask for the money back; a shipment without postage has none to give back (yet)."""
        client, _ = self._client(shipment.carrier)
        path = f"shipments/{quote(shipment.external_id, safe='')}"
        found = client.get(path)
        if not found.at("postage_label"):
            return False
        if found.text("refund_status") not in GIVEN_BACK:
            found = client.post(f"{path}/refund", {})
        status = found.text("refund_status")
        if status not in GIVEN_BACK:
            raise CarrierError(f"EasyPost does not refund the label: {status or 'it does not say why'}.", retry=True)
        return True

    def manifest(self, load: Load) -> CarrierManifest:
        """Ask for the scan form of what leaves."""
        client, _ = self._client(load.carrier)
        return scan_form(client, load)

    def announce_collection(self, wish: Collection) -> str:
        """Create a pickup, which costs nothing yet."""
        client, _ = self._client(wish.carrier)
        return easypost_pickup.announced(client, wish, _address(wish.address))

    def collect(self, wish: Collection) -> Booked:
        """Book the pickup at its cheapest rate."""
        client, _ = self._client(wish.carrier)
        return easypost_pickup.booked(client, wish)

    def cancel_collection(self, wish: Collection) -> bool:
        """Cancel the pickup."""
        client, _ = self._client(wish.carrier)
        return easypost_pickup.cancelled(client, wish)

    def check(self, carrier: str) -> str:
        """Ask for one shipment, which every key may."""
        client, accounts = self._client(carrier)
        rows = client.get("shipments?page_size=1").rows("shipments")
        mode = rows[0].text("mode") if rows else ""
        said = f"EasyPost accepts the key{f' ({mode} mode)' if mode else ''}"
        return f"{said}; {len(accounts) or 'all'} of its carrier accounts are asked."

    def tracked(self, number: str, carrier: str) -> Tracked | None:
        """Return what EasyPost's newest tracker of the number says."""
        client, _ = self._client(carrier)
        rows = client.get(f"trackers?page_size=5&tracking_code={quote(number, safe='')}").rows("trackers")
        said = [row for row in rows if row.text("tracking_code") == number and isinstance(row.value, dict)]
        return easypost.tracked(max(said, key=lambda row: row.text("updated_at")).value) if said else None

    def check_address(self, address: dict[str, Any], carrier: str) -> CheckedAddress:
        """Have an address verified, which EasyPost may charge for."""
        client, _ = self._client(carrier, longest_s=PATIENCE_S)
        return checked(client.post("addresses", {"address": _address(address), "verify": True}))

    def _client(self, carrier: str, *, longest_s: float = 60) -> tuple[EasyPostClient, list[str]]:
        return client_of(carrier, url=self.url, timeout_s=min(self.timeout_s, longest_s))


def rates_of(found: Node) -> list[Rate]:
    """Return the rates of a Shipment, an Order or a stateless answer. Raises CarrierError, naming the field."""
    return [_rate(row) for row in found.rows("rates")]


def service_of(row: Node) -> str:
    return f"{row.text('carrier')}.{row.text('service')}"[:40]


def _rate(row: Node) -> Rate:
    amount, currency = row.amount("rate"), row.text("currency") or "USD"
    if amount is None or not row.text("service"):
        raise CarrierError(f"EasyPost: {row.path} has no service or no amount.", retry=False)
    name = f"{row.text('carrier')} {row.text('service')}".strip()
    days = row.number("delivery_days")
    days = row.number("est_delivery_days") if days is None else days
    return Rate(service_of(row), name[:60], amount, currency[:3], days, terms=(("EasyPost", amount),))


def _known(client: Client, reference: str) -> Node | None:
    try:
        return client.get(f"shipments/{quote(reference, safe='')}")
    except Refused as refusal:
        if refusal.answer in (401, 403):
            raise
        return None


def _bought(client: Client, path: str, found: Node, shipment: Shipment) -> Node:
    """Buy the rate of the service on a shipment, and its insurance; one that was bought meanwhile is read."""
    order: dict[str, Any] = {"rate": {"id": _chosen(found, shipment.service)}}
    insured = insured_in(shipment, INSURES_IN)
    if insured:
        order["insurance"] = str(insured)
    try:
        return client.post(f"{path}/buy", order)
    except Refused as refusal:
        if refusal.code != EXISTS:
            raise
        return client.get(path)


def _chosen(found: Node, service: str) -> str:
    offers = {row.text("id"): _rate(row) for row in found.rows("rates")}
    return chosen(offers, service, name="EasyPost", why_none=_why_none(found))


def _why_none(found: Node) -> str:
    return "; ".join(row.text("message") for row in found.rows("messages")[:3]) or "no rates came back"


def _label(client: Client, found: Node, shipment: Shipment) -> Label:
    url = found.text("postage_label", "label_url")
    number = found.text("tracking_code")
    if not url or not number:
        raise CarrierError("EasyPost has not made the label yet.", retry=True)
    content = client.fetch(url)
    rate = found.at("selected_rate")
    return Label(
        number[:60],
        content,
        form_of(content, "EasyPost"),
        charged(found, shipment),
        rate.text("currency")[:3],
        page_of(found.text("tracker", "public_url")),
        service_of(rate) if rate else "",
        rate.text("carrier_account_id")[:60],
    )


def _id(found: Node) -> str:
    """Return the id of a shipment that EasyPost knows now."""
    name = found.text("id")
    if not name or len(name) > 60:
        raise CarrierError("EasyPost's answer names no shipment.", retry=True)
    return name


def _described(shipment: Shipment, accounts: list[str]) -> dict[str, Any]:
    """Return the shipment in EasyPost's words; ounces and inches, rounded up to a tenth."""
    told: dict[str, Any] = {
        "from_address": _address(shipment.sender),
        "to_address": _address(shipment.recipient),
        "parcel": {"weight": _tenths(Decimal(shipment.weight_g or 0) / G_PER_OZ)} | _sides(shipment.size_mm),
        "options": {"label_format": shipment.form.upper(), "label_size": "4x6"} | incoterm(shipment),
    }
    if shipment.reference:
        told["reference"] = shipment.reference
    return told | customs_info(shipment) | ({"carrier_accounts": accounts} if accounts else {})


def _sides(sizes: tuple[int | None, int | None, int | None]) -> dict[str, float]:
    given = dict(zip(("length", "width", "height"), sizes, strict=True))
    return {name: _tenths(Decimal(size) / MM_PER_IN) for name, size in given.items() if size} if all(sizes) else {}


def _tenths(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.1"), ROUND_UP))


FIELDS = {
    "name": "name",
    "company": "company",
    "street1": "line1",
    "street2": "line2",
    "city": "city",
    "state": "region",
    "zip": "postcode",
    "country": "country",
    "phone": "phone",
}


def _address(address: dict[str, Any]) -> dict[str, str]:
    return {theirs: address[ours] for theirs, ours in FIELDS.items() if address.get(ours)}
