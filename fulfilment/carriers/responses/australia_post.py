"""Australia Post: postage calculator (PAC), and the shipping and tracking API of its business customers."""

from decimal import Decimal

from fulfilment.carriers.base import Rate
from fulfilment.carriers.responses.reading import (
    LabelFile,
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
from fulfilment.carriers.responses.words import by_words
from fulfilment.carriers.tree import Node

CURRENCY = "AUD"


def read(body: Node) -> Reading:
    return choose(body, SHAPES, who="Australia Post")


def _services(body: Node) -> Reading:
    rows = body.rows("services", "service")
    priced = [row for row in rows if row.at("price")]
    if rows and not priced:
        return other(f"{len(rows)} services without prices")
    return rates(
        [rate(row.text("code"), row.text("name"), row.amount("price"), CURRENCY, path=row.path) for row in priced]
    )


def _postage(body: Node) -> Reading:
    row = body.at("postage_result")
    name = row.text("service")
    return rates([rate(name, name, row.amount("total_cost"), CURRENCY, path=row.path)], row.text("delivery_time"))


def _items(body: Node) -> Reading:
    """Prices of each item by product; those of one product add up."""
    found: dict[str, tuple[str, Decimal]] = {}
    problems = [_problem(row) for item in body.rows("items") for row in item.rows("errors")]
    for item in body.rows("items"):
        for row in item.rows("prices"):
            one = _price(row)
            before = found.get(one.service, (one.name, Decimal(0)))[1]
            found[one.service] = one.name, before + one.amount
    total = [rate(code, name, amount, CURRENCY, path=body.path) for code, (name, amount) in found.items()]
    return rates(total, "; ".join(problems)) if total else error(*problems or ["No service is offered."])


def _price(row: Node) -> Rate:
    amount = row.amount("calculated_price")
    return rate(row.text("product_id"), row.text("product_type"), amount, CURRENCY, path=row.path)


def _tracks(body: Node) -> Reading:
    rows = body.rows("tracking_results")
    problems = [_problem(note) for row in rows for note in row.rows("errors")]
    found = [one for row in rows if not row.at("errors") for one in _tracked(row)]
    return tracking(found, "; ".join(problems)) if found else error(*problems or ["No parcel is known."])


def _tracked(row: Node) -> list[Track]:
    """The articles of what was asked for; those of a consignment stand one level deeper."""
    items = row.rows("trackable_items")
    items = [one for item in items for one in (item.rows("items") or [item])]
    number = row.text("tracking_id")
    return [_track(item, number) for item in items] or [track(number, _events(row.at("consignment")), _state(row))]


def _track(row: Node, number: str) -> Track:
    found = row.text("article_id") or row.text("consignment_id") or number
    return track(found, _events(row), _state(row), path=row.path)


def _state(row: Node) -> str:
    return by_words(row.text("status")) if row.text("status") else ""


def _events(row: Node) -> list[Told]:
    return [_event(one) for one in row.rows("events")] if row else []


def _event(row: Node) -> Told:
    text = row.text("description")
    return event(by_words(text), text, [row.text("location")], row.when("date"))


def _sold(body: Node) -> Reading:
    return labels([found for row in body.rows("shipments") for found in _pieces(row)])


def _pieces(row: Node) -> list[LabelFile]:
    total = row.amount("shipment_summary", "total_cost")
    return [_piece(row, item, total if n == 0 else None) for n, item in enumerate(row.rows("items"))]


def _piece(row: Node, item: Node, total: Decimal | None) -> LabelFile:
    """Return an item's label; where its own cost is not said, the shipment's `total` stands at the first."""
    number, amount = item.at("tracking_details"), item.amount("item_summary", "total_cost")
    amount = total if amount is None else amount
    return label(
        number.text("article_id") or number.text("consignment_id"),
        path=number.path,
        url=row.text("labels", "url"),
        amount=amount,
        currency=CURRENCY if amount is not None else "",
    )


def _papers(body: Node) -> Reading:
    rows = body.rows("labels")
    return other(f"{len(rows)} labels {rows[0].text('status')} {rows[0].text('url')}".strip())


def _order(body: Node) -> Reading:
    return other(f"Order {body.text('order', 'order_id')} of {len(body.rows('order', 'shipments'))} shipments")


def _errors(body: Node) -> Reading:
    return error(*[_problem(row) for row in body.rows("errors")] or [""])


def _problem(row: Node) -> str:
    return (
        said(row, "code", "name", "message")
        or said(row, "error_code", "error_name")
        or said(row, "error", "error_description")
    )


SHAPES = [
    (("error", "errorMessage"), lambda body: error(body.text("error", "errorMessage"))),
    (("error",), lambda body: error(said(body, "error", "error_description"))),
    (("tracking_results",), _tracks),
    (("services",), _services),
    (("postage_result",), _postage),
    (("items",), _items),
    (("shipments",), _sold),
    (("labels",), _papers),
    (("order",), _order),
    (("errors",), _errors),
]
