"""EasyPost: https://docs.easypost.com/docs. Each answer is an object that says its name, or a list of them."""

from fulfilment.carriers.base import CarrierError, Rate
from fulfilment.carriers.easypost import CODES
from fulfilment.carriers.easypost_api import rates_of
from fulfilment.carriers.responses.reading import (
    PRE_TRANSIT,
    LabelFile,
    Reader,
    Reading,
    Told,
    Track,
    choose,
    error,
    event,
    label,
    labels,
    other,
    rate,
    rates,
    said,
    track,
    tracking,
)
from fulfilment.carriers.tree import Node


def read(body: Node) -> Reading:
    """Read an object, or several: a list alone is read like one that has a name."""
    name = body.text("object")
    if isinstance(body.value, list) and name in PLURALS:
        return choose(body.child({PLURALS[name]: body.value}, body.path), SHAPES, who="EasyPost")
    if name in OBJECTS:
        return OBJECTS[name](body)
    if name:
        return other(f"{name} {body.text('id')} {body.text('status')}".strip())
    return choose(body, SHAPES, who="EasyPost")


def _error(body: Node) -> Reading:
    found = body.at("error")
    if isinstance(found.value, str):
        return error(found.text())
    details = [
        said(row, "field", "message") if isinstance(row.value, dict) else row.text() for row in found.rows("errors")
    ]
    return error(said(found, "code", "message"), *details)


def _tracker(body: Node) -> Reading:
    return tracking([_track(body)])


def _trackers(body: Node) -> Reading:
    rows = body.rows("trackers")
    return tracking([_track(row) for row in rows]) if rows else other("No trackers.")


def _track(row: Node) -> Track:
    events = [_event(detail) for detail in row.rows("tracking_details")]
    status = _status(row) if row.text("status") != "unknown" else ""
    return track(row.text("tracking_code"), events, status, path=row.path)


def _event(row: Node) -> Told:
    where = row.at("tracking_location")
    place = [where.text(name) for name in ("city", "state", "country")] if where else []
    return event(_status(row), row.text("message"), place, row.when("datetime"))


def _status(row: Node) -> str:
    found = row.text("status") or "unknown"
    if found not in CODES:
        raise CarrierError(f"{row.path}.status {found[:40]!r} is not known.".lstrip("."), retry=False)
    return CODES[found] or PRE_TRANSIT


def _happened(body: Node) -> Reading:
    """An Event: what a webhook brings."""
    about, what = body.at("result"), body.text("description")
    if what.startswith("tracker.") and about:
        return tracking([_track(about)], what)
    return other(f"Event {what} about {about.text('object') or 'nothing'} {about.text('id')}".strip())


def _events(body: Node) -> Reading:
    about = [row.at("result") for row in body.rows("events") if row.text("description").startswith("tracker.")]
    found = [_track(row) for row in about if row]
    return tracking(found) if found else other(f"{len(body.rows('events'))} events, none of a tracker.")


def _shipment(body: Node) -> Reading:
    if body.at("postage_label"):
        return labels([_label(body)])
    if body.rows("rates"):
        return rates(rates_of(body), _messages(body))
    return other(f"Shipment {body.text('id')} without rates. {_messages(body)}".strip())


def _shipments(body: Node) -> Reading:
    rows = body.rows("shipments")
    bought = [_label(row) for row in rows if row.at("postage_label")]
    found = [found for row in rows for found in rates_of(row)]
    return labels(bought) if bought else rates(found) if found else other(f"{len(rows)} shipments without rates.")


def _label(row: Node) -> LabelFile:
    sold, chosen = row.at("postage_label"), row.at("selected_rate")
    return label(
        row.text("tracking_code"),
        form=sold.text("label_file_type").rpartition("/")[2],
        path=row.path,
        url=sold.text("label_url"),
        amount=chosen.amount("rate"),
        currency=chosen.text("currency"),
    )


def _order(body: Node) -> Reading:
    bought = [_label(row) for row in body.rows("shipments") if row.at("postage_label")]
    return labels(bought) if bought else rates(rates_of(body), _messages(body))


def _batch(body: Node) -> Reading:
    numbers = [row.text("tracking_code") for row in body.rows("shipments")]
    numbers = [number for number in numbers if number]
    url = body.text("label_url")
    if url and numbers:
        return labels([label(number, path=body.path, url=url) for number in numbers], f"Batch {body.text('state')}")
    return other(f"Batch {body.text('id')} {body.text('state')}: {body.text('num_shipments')} shipments")


def _pickup(body: Node) -> Reading:
    return other(f"Pickup {body.text('id')} {body.text('status')} {body.text('confirmation')}".strip())


def _rate(body: Node) -> Reading:
    return rates([_one(body)])


def _one(row: Node, days: int | None = None) -> Rate:
    service = f"{row.text('carrier')}.{row.text('service')}".strip(".")
    days = row.number("delivery_days") if days is None else days
    return rate(service, service.replace(".", " "), row.amount("rate"), row.text("currency"), path=row.path, days=days)


def _rates(body: Node) -> Reading:
    """Rates alone; those of SmartRate hold the rate one level deeper, or are an estimate only."""
    rows = [row.at("rate") if isinstance(row.at("rate").value, dict) else row for row in body.rows("rates")]
    return rates([_one(row) for row in rows])


def _results(body: Node) -> Reading:
    """SmartRate: rates with the days that they took, or an estimate without prices."""
    rows = body.rows("result") or body.rows("results")
    priced = [row for row in rows if row.at("rate")]
    if priced:
        return rates([_one(row) for row in priced], "with times in transit")
    names = [f"{row.text('carrier')} {row.text('service')}" for row in rows]
    return other(f"Estimates of transit without prices: {', '.join(names)}")


def _luma(body: Node) -> Reading:
    """What Luma predicts of each service, in US dollars."""
    return rates([_predicted(row) for row in body.rows("luma_info", "ai_results")])


def _predicted(row: Node) -> Rate:
    service = f"{row.text('carrier')}.{row.text('service')}".strip(".")
    days = row.number("predicted_deliver_days")
    return rate(service, service.replace(".", " "), row.amount("rate_usd"), "USD", path=row.path, days=days)


def _messages(body: Node) -> str:
    return "; ".join(said(row, "carrier", "message") for row in body.rows("messages") if isinstance(row.value, dict))


def _list(name: str) -> Reader:
    return lambda body: other(f"{len(body.rows(name))} {name.replace('_', ' ')}.")


OBJECTS = {
    "Tracker": _tracker,
    "Event": _happened,
    "Shipment": _shipment,
    "Order": _order,
    "Batch": _batch,
    "Pickup": _pickup,
    "Rate": _rate,
}
PLURALS = {"Tracker": "trackers", "Event": "events", "Shipment": "shipments", "Rate": "rates"}
LISTS = ["addresses", "insurances", "webhooks", "pickups", "batches", "scan_forms", "refunds", "reports", "parcels"]
LISTS += ["carrier_accounts", "carriers", "customs_items", "users", "children", "claims", "end_shippers", "brands"]
LISTS += ["payloads"]
SHAPES = [
    (("error",), _error),
    (("trackers",), _trackers),
    (("events",), _events),
    (("shipments",), _shipments),
    (("postage_label",), _shipment),
    (("rates",), _rates),
    (("result",), _results),
    (("results",), _results),
    (("address", "object"), lambda body: other(f"Address {body.text('address', 'id')}, checked")),
    (("luma_info",), _luma),
    (("client_secret",), lambda body: other("A secret for a client.")),
    (("smart_rates",), lambda body: rates([_one(row) for row in body.rows("smart_rates")])),
    *[((name,), _list(name)) for name in LISTS],
]
