"""Answers of Shopify that hold several documents: bulk operations, one a line, and queries of several fields."""

import json

import pytest

from orders.channels.registry import read_payload
from tests.orders.channels.documents.shopify import GRAPHQL, SAID_OF_GRAPHQL
from tests.orders.channels.words import only, read, words

LINES = "lineItems"


def in_lines(*rows):
    return "\n".join(json.dumps(row) for row in rows) + "\n"


def bulk(order):
    """The rows that a bulk operation writes of an order: its connections stand below it."""
    rows = [{name: part for name, part in order.items() if name != LINES}]
    nodes = order[LINES].get("nodes") or [edge["node"] for edge in order[LINES]["edges"]]
    for number, node in enumerate(nodes):
        rows.append({**node, "id": f"gid://shopify/LineItem/{number}", "__parentId": order["id"]})
    return rows


def test_an_order_of_a_bulk_operation_has_its_lines():
    found = only("shopify", in_lines(*bulk(GRAPHQL)))
    assert words(found) == SAID_OF_GRAPHQL
    assert [line.sku for line in found.lines] == [line.sku for line in only("shopify", {"order": GRAPHQL}).lines]


def test_each_order_of_a_bulk_operation_has_its_own_lines():
    other = bulk(GRAPHQL | {"id": "gid://shopify/Order/2"})
    rows = [*bulk(GRAPHQL), *other, {**other[1], "id": "gid://shopify/LineItem/9"}]
    assert [one.line_count for one in read("shopify", in_lines(*rows))] == [1, 2]
    late = [row for row in rows if "__parentId" not in row] + [row for row in rows if "__parentId" in row]
    assert [one.line_count for one in read("shopify", in_lines(*late))] == [1, 2]


def test_what_stands_below_a_line_and_below_nothing_is_read_too():
    parts = [{"id": "gid://shopify/Metafield/5", "__parentId": "gid://shopify/LineItem/0"}]
    parts += [{"code": "SAVE", "__parentId": GRAPHQL["id"]}, {"id": "gid://shopify/Metafield/6", "__parentId": "lost"}]
    found = [words(one) for one in read("shopify", in_lines(*bulk(GRAPHQL), *parts))]
    assert found == [SAID_OF_GRAPHQL, "other 6"]


def test_rows_that_are_each_others_parents_are_no_trap():
    rows = [{"id": "a", "__parentId": "b"}, {"id": "b", "__parentId": "a"}, {"id": "c", "__parentId": "c"}, 7, None]
    assert len(read("shopify", in_lines(*rows))) == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"shop": {"id": "gid://shopify/Shop/1"}, "order": GRAPHQL}, ["other gid://shopify/Shop/1", SAID_OF_GRAPHQL]),
        ({"order": None, "second": GRAPHQL, "__typename": "QueryRoot"}, [SAID_OF_GRAPHQL]),
        (
            {
                "orderUpdate": {"order": None, "userErrors": [{"message": "No such order"}]},
                "orders": {"nodes": [GRAPHQL, GRAPHQL]},
            },
            [
                "other refused: Shopify answers with an error: No such order.",
                SAID_OF_GRAPHQL,
                SAID_OF_GRAPHQL,
            ],
        ),
    ],
)
def test_each_field_of_an_answer_is_a_document(data, said):
    assert [words(one) for one in read("shopify", {"data": data})] == said


@pytest.mark.parametrize("kind", ["woocommerce", "bigcommerce", "ebay", "magento"])
def test_documents_may_stand_one_a_line(kind):
    assert len(read_payload(kind, b'\xef\xbb\xbf{"order_id": 1}\r\n\n{"order_id": 2}')) == 2
