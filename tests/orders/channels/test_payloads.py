"""Documents of all channels, read: what they become, or why they are refused. Never a traceback."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.channels.base import IncomingOrder, Refused
from orders.channels.registry import READERS, read_payload
from orders.management.commands.channel_payload import as_json
from orders.models import OrderCharge
from tests.orders.channels.documents import ALL, TABLES
from tests.orders.channels.words import body_of, read, sum_of, words

DOCUMENTS = {"order", "refund", "cancellation", "shipment", "stock", "other"}
KEYS = {"document", "external_id", "number", "currency", "total", "line_count", "tax", "shipping", "discount"}
KEYS |= {"refunded", "name", "ship_to", "refused"}


@pytest.mark.parametrize(("kind", "document", "said"), ALL)
def test_what_a_document_becomes(kind, document, said):
    assert [words(one) for one in read(kind, document)] == [said]


def test_every_channel_has_documents_of_its_own():
    assert set(TABLES) == set(READERS)


def test_an_order_adds_up_to_its_total():
    whole = [
        one
        for kind, document, _ in ALL
        for one in read(kind, document)
        if isinstance(one, IncomingOrder) and one.lines and one.total is not None
    ]
    assert [sum_of(one) for one in whole] == [one.total for one in whole]
    assert len(whole) > 20


def test_charges_are_of_kinds_that_orders_have():
    kinds = {charge.kind for kind, document, _ in ALL for one in read(kind, document) for charge in charges_of(one)}
    assert kinds <= set(OrderCharge.Kind.values)
    assert {"shipping", "fee", "tip"} <= kinds


def charges_of(one):
    return getattr(one.read if isinstance(one, Refused) else one, "charges", ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The body is empty."),
        (b"true", "The body is neither a JSON object or list nor XML."),
        (b"\x00\xff\x01", "The body is neither a JSON object or list nor XML."),
        (b'{"id": 1', "The body is no JSON: expecting ',' delimiter: line 1, column 9."),
        (b'{"id": 1} {"id": 2}', "The body is no JSON: extra data: line 1, column 11."),
        (b'{"id": 1}\n{"id": 2', "The body is no JSON: extra data: line 2, column 1."),
        (b'{"id": "\xe9"}', "The body is no JSON: byte 8 is no utf-8."),
        (b'{"id": ' + b"9" * 5000 + b"}", "The body holds a number that is none, or too long."),
        (b"[" * 100_000 + b"]" * 100_000, "The body is deeper than 60 levels."),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "The body is deeper than 60 levels."),
        (b"<a><b></a>", "The body is no XML: mismatched tag: line 1, column 8."),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "The body has a document type: such XML is not read."),
        (b"[1]", "[0] is no object."),
    ],
)
@pytest.mark.parametrize("kind", ["shopify", "ebay"])
def test_what_is_no_document_is_refused_with_its_reason(kind, body, reason):
    (found,) = read_payload(kind, body)
    assert (found.reason, found.read.document) == (reason, "other")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_in_other_encodings_of_unicode_is_read(encoding):
    (found,) = read_payload("shopify", body_of(TABLES["shopify"][0][0]).decode().encode(encoding))
    assert found.name == "Zoë Łuczak"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_xml_in_other_encodings_of_unicode_is_read(encoding):
    document = "<GetOrdersResponse><OrderArray><Order><OrderID>Ł1</OrderID></Order></OrderArray></GetOrdersResponse>"
    (found,) = read_payload("ebay", document.encode(encoding))
    assert found.read.external_id == "Ł1"


NAUGHTY = [None, True, -1, 1e308, "", "string", "\x00\ud800", "9" * 40, [], {}, [None], {"a": {"b": []}}, ["x"] * 3]


def spoilt(tree, naughty):
    """Yield copies of a tree with one of its values each replaced."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from ({**tree, key: one} for one in [naughty, *spoilt(value, naughty)])
    elif isinstance(tree, list):
        for n, value in enumerate(tree):
            yield from ([*tree[:n], one, *tree[n + 1 :]] for one in [naughty, *spoilt(value, naughty)])


# One of each kind and shape, JSON only.
SAMPLES = [(kind, document) for kind, document, _ in ALL if not isinstance(document, str)]


@pytest.mark.parametrize(("number", "naughty"), list(enumerate(NAUGHTY)), ids=repr)
def test_naughty_values_are_refused_and_no_accident(number, naughty):
    for kind, document in SAMPLES[number % 5 :: 5]:
        for one in spoilt(document, naughty):
            check(read(kind, one))


def check(found):
    assert found
    for one in found:
        said = json.loads(json.dumps(as_json(one)))
        assert set(said) == KEYS
        assert said["document"] in DOCUMENTS
        assert all(Decimal(said[name]).is_finite() for name in ("total", "refunded") if said[name] is not None)
        assert said["refused"] is None or said["refused"].strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80)
@given(data=st.data())
def test_mutated_documents_never_raise(data):
    kind, document = data.draw(st.sampled_from(SAMPLES))
    check(read(kind, mutated(data, document)))


def mutated(data, tree):
    """Return a tree with some value, somewhere, replaced or taken away."""
    if isinstance(tree, dict) and tree and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(tree)))
        if data.draw(st.integers(0, 4)) == 0:
            return {name: value for name, value in tree.items() if name != key}
        return {**tree, key: mutated(data, tree[key])}
    if isinstance(tree, list) and tree:
        place = data.draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], mutated(data, tree[place]), *tree[place + 1 :]]
    return data.draw(JSON)


@settings(max_examples=60)
@given(body=st.binary(max_size=60), kind=st.sampled_from(sorted(READERS)), begin=st.sampled_from([b"", b"{", b"<a>"]))
def test_bytes_never_raise(body, kind, begin):
    check(read_payload(kind, begin + body))


def test_documents_of_another_channel_never_raise():
    for _, document, _ in ALL[::4]:
        for kind in READERS:
            check(read(kind, document))


def run(*words_):
    out = StringIO()
    call_command("channel_payload", *words_, stdout=out)
    return out.getvalue()


def test_the_command_says_what_a_file_is(tmp_path):
    file = tmp_path / "order.json"
    file.write_bytes(body_of(TABLES["shopify"][0][0]))
    (said,) = json.loads(run("shopify", str(file), "--json"))
    assert set(said) == KEYS
    assert (said["external_id"], said["number"], said["total"], said["refunded"]) == ("1", "#1001", "54.46", "10.71")
    assert (said["name"], said["ship_to"]["city"], said["refused"]) == ("Zoë Łuczak", "Berlin", None)
    assert json.loads(run("magento2", str(file), "--json")) == json.loads(run("Magento", str(file), "--json"))
    assert run("Shopify", str(file)) == "order, #1001, 54.46 EUR, 2 lines, Zoë Łuczak\n"


def test_the_command_says_why_a_file_is_refused(tmp_path):
    file = tmp_path / "order.json"
    file.write_bytes(body_of({"order": {"id": 1, "total_price": "x", "currency": "EUR"}}))
    assert run("shopify", str(file)) == "order, 1\n  refused: order.total_price 'x' is no amount.\n"
    assert run("woocommerce", str(file)).startswith("order, 1")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["shopify", "/nowhere"], "The file cannot be read: No such file or directory."),
        (["shopify", "."], "The file cannot be read: Is a directory."),
        (["shopify", "a\x00b"], "The file cannot be read"),
        (["nobody", __file__], "No channel 'nobody' is known; known: amazon, amazon_mws_xml"),
    ],
)
def test_the_command_never_fails(arguments, reason):
    (said,) = json.loads(run(*arguments, "--json"))
    assert said["refused"].startswith(reason)
    assert said["document"] == "other"
