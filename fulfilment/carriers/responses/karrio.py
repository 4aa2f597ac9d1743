"""Karrio: https://docs.karrio.io/reference/openapi/. Objects say their name (object_type); lists are of "results"."""

from fulfilment.carriers.karrio import track_of
from fulfilment.carriers.karrio_api import offers_of
from fulfilment.carriers.karrio_http import words_of
from fulfilment.carriers.responses.reading import (
    LabelFile,
    Reader,
    Reading,
    choose,
    error,
    label,
    labels,
    other,
    rates,
    tracking,
)
from fulfilment.carriers.tree import Node


def read(body: Node) -> Reading:
    return choose(body, SHAPES, who="Karrio")


def _list(body: Node) -> Reading:
    rows = body.rows("results")
    if any(row.text("object_type") == "tracker" for row in rows):
        return tracking([track_of(row) for row in rows])
    bought = [_label(row) for row in rows if row.text("tracking_number")]
    return labels(bought) if bought else other(f"{len(rows)} rows, no label among them.")


def _shipment(body: Node) -> Reading:
    if body.text("tracking_number"):
        return labels([_label(body)])
    return rates(list(offers_of(body).values()), _messages(body))


def _label(row: Node) -> LabelFile:
    documents = [one for one in row.rows("shipping_documents") if one.text("category") == "label"]
    files = [one.text("base64") for one in documents]
    charged = row.at("selected_rate")
    return label(
        row.text("tracking_number"),
        next(filter(None, files), row.text("docs", "label")),
        row.text("label_type"),
        path=row.path,
        url=row.text("label_url"),
        amount=charged.amount("total_charge"),
        currency=charged.text("currency"),
    )


def _messages(body: Node) -> str:
    return "; ".join(words_of(row) for row in body.rows("messages"))


def _complaints(name: str) -> Reader:
    return lambda body: error(*(words_of(row) for row in body.rows(name)))


SHAPES = [
    (("errors",), _complaints("errors")),
    (("results",), _list),
    (("tracking",), lambda body: tracking([track_of(body.at("tracking"))])),
    (("events",), lambda body: tracking([track_of(body)])),
    (("tracking_number",), _shipment),
    (("rates",), _shipment),
    (("confirmation",), lambda body: other(f"{body.text('confirmation', 'operation')} done")),
    (("messages",), _complaints("messages")),
]
