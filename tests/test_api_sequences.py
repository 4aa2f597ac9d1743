"""Calls of a partner's developer that follow from each other: what one call answers, the next ones name.

An order is placed, read, changed, cancelled or shipped; an endpoint is added, tested, its delivery sent again; a return
is asked for. Schemathesis finds in the OpenAPI document which operation can follow which, and calls them in sequences,
each from the same rows on. Every answer is as documented, and after every sequence the doctor finds nothing.
"""

import os
from collections import Counter
from contextlib import ExitStack, suppress
from copy import deepcopy
from datetime import timedelta
from time import monotonic
from zlib import crc32

import pytest
import schemathesis
from django.db import connection, transaction
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import Flaky
from rest_framework.test import APIClient
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ensure_resource_availability, use_after_free

from oms.wsgi import application
from tests import proofs
from tests.deliver import deliver
from tests.market import make_market
from tests.test_api_fuzz import CHECKS as OF_ONE
from tests.test_api_fuzz import keep_connection  # noqa: F401 (a fixture)

CHECKS = [*OF_ONE, use_after_free, ensure_resource_availability]
SOAK = "OMS_SOAK" in os.environ
SEQUENCES = settings(
    max_examples=12 if SOAK else 8,
    stateful_step_count=20,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LISTS = ["deliveries", "documents", "fulfilment-orders", "holds", "notes", "order-changes", "orders", "parcels"]
LISTS += ["purchase-orders", "returns", "stock-snapshots", "transfers", "webhooks"]
ORDER = "$response.body#/number"
# What schemathesis does not see by itself: {"operation status": {operation that can follow: what it takes over}}.
LINKS = {
    "POST orders 201": {
        "POST holds": {"order": ORDER},
        "POST notes": {"order": ORDER},
        "POST returns": {"order": ORDER, "lines": [{"line": "$response.body#/lines/0/id"}]},
        "GET changes": {},
    },
    "GET orders/{number} 200": {
        "POST returns": {"order": ORDER, "lines": [{"line": "$response.body#/lines/0/id"}]},
        "POST holds": {"order": ORDER},
    },
    "POST orders/{number}/changes 201": {
        "GET order-changes/{id}": {"path.id": "$response.body#/id"},
        "POST order-changes/{id}/apply": {"path.id": "$response.body#/id"},
        "POST order-changes/{id}/reject": {"path.id": "$response.body#/id"},
    },
    "GET fulfilment-orders 200": {
        "POST fulfilment-orders/acknowledge": {"ids": ["$response.body#/results/0/id"]},
        "POST fulfilment-orders/ship": {"shipments": [{"id": "$response.body#/results/0/id"}]},
    },
    "GET purchase-orders 200": {
        "GET purchase-orders/{number}": {"path.number": "$response.body#/results/0/number"},
        "POST purchase-orders/{number}/confirm": {"path.number": "$response.body#/results/0/number"},
        "POST purchase-orders/{number}/announce": {"path.number": "$response.body#/results/0/number"},
    },
    "POST webhooks 201": {
        "POST webhooks/{id}/test": {"path.id": "$response.body#/id"},
        "POST webhooks/{id}/rotate-secret": {"path.id": "$response.body#/id"},
        "POST webhooks/{id}/replay": {"path.id": "$response.body#/id"},
    },
    "POST webhooks/{id}/test 202": {
        "GET webhooks/{id}/deliveries": {"path.id": "$request.path.id"},
        "POST webhooks/{id}/deliveries/{delivery}/redeliver": {
            "path.id": "$request.path.id",
            "path.delivery": "$response.body#/id",
        },
    },
    "GET webhooks/{id}/deliveries 200": {
        "POST webhooks/{id}/deliveries/{delivery}/redeliver": {
            "path.id": "$request.path.id",
            "path.delivery": "$response.body#/results/0/id",
        },
    },
    "POST stock-snapshots 201": {"GET stock-snapshots/{id}": {"path.id": "$response.body#/id"}},
    "GET stock-levels 200": {"POST stock-snapshots": {}, "POST stock-adjustments": {}},
    "GET skus 200": dict.fromkeys(["POST orders", "POST quotes", "POST orders/bulk", "POST availability"], {})
    | dict.fromkeys(["GET availability", "GET usage", "GET call-errors"], {}),
}


@pytest.mark.soak
@pytest.mark.corrupt(14)  # no worker runs; in the soak for longer than a delivery may wait
@pytest.mark.parametrize(("is_sandbox", "soak_s"), [(False, 480), (True, 120)], ids=["live", "sandbox"])
def test_what_follows_from_an_answer_is_answered_as_documented(is_sandbox, soak_s):
    sequences = sequences_of(make_market(), is_sandbox)
    ends = monotonic() + (soak_s if SOAK else 0)
    while sequences.rule_order_seed == 0 or monotonic() < ends:
        sequences.rule_order_seed += 1
        with suppress(Flaky):  # what is drawn depends on answers: a time in one of them, say
            sequences.run(settings=SEQUENCES)
        assert sequences.faults == []
    follow = Counter()
    for (_, follows, status), n in sequences.calls.items():
        follow[follows and ("well" if status < 300 else "refused")] += n
    assert follow["well"] + follow["refused"] > sequences.calls.total() / 3
    assert follow["well"] > follow["refused"] / 2, "what an answer named is no longer there"


def sequences_of(market, is_sandbox):
    """Return the state machine that makes calls of the partner, or of the one who tries things out."""
    document = SchemaGenerator().get_schema(public=True)
    add_links(document)
    narrow(document, {"sku": market["SKU"], "channel": "TRY" if is_sandbox else "MARKET", "location": "SWIFT"})
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    schema.config.generation.update(modes=[GenerationMode.POSITIVE])
    if is_sandbox:
        schema = schema.include(path_regex="/v1/(orders|sandbox|webhooks|changes|skus|quotes|availability)")
    else:
        schema = schema.exclude(path_regex="/v1/sandbox")
    headers = {"Authorization": f"Bearer {market['SANDBOX_KEY' if is_sandbox else 'KEY']}"}
    client = APIClient(headers=headers)
    first_calls(client, market, is_sandbox)
    known = {}
    for name in ["orders", "webhooks"] if is_sandbox else LISTS:
        known |= rows_of(name, client.get(f"/api/v1/{name}").json())
    fields = {"known": known, "headers": headers, "calls": Counter(), "faults": [], "rule_order_seed": 0}
    return type("Sequences", (Sequence, schema.as_state_machine()), fields)


class Sequence:
    """One sequence of calls, of which nothing is left after it; `rows` are what its answers told of."""

    def setup(self):
        self.rows, self.undo = dict(self.known), ExitStack()
        self.violations = self.undo.enter_context(proofs.watch())
        self.undo.enter_context(transaction.atomic())

    def before_call(self, case):
        self.is_named = name_rows(case, self.rows)

    def get_call_kwargs(self, case):
        return {"headers": self.headers}

    def after_call(self, response, case):
        super().after_call(response, case)
        node = self.recorder.cases[case.id]
        is_linked = node.is_transition_applied and bool(node.transition.parameters or node.transition.request_body)
        self.calls[case.operation.label, self.is_named or is_linked, response.status_code] += 1
        if response.status_code < 300 and response.headers.get("content-type") == ["application/json"]:
            self.rows |= rows_of(collection_of(case), response.json())

    def validate_response(self, response, case, **kwargs):
        try:
            case.validate_response(response, checks=CHECKS, transport_kwargs=kwargs, recorder=self.recorder)
        except FailureGroup as fault:
            calls = [f"{node.value.method} {node.value.formatted_path}" for node in self.recorder.cases.values()]
            self.faults.append([*calls, *map(str, fault.exceptions), response.text])
            raise
        deliver()

    def teardown(self):
        found = [] if connection.needs_rollback else self.violations()  # a fault leaves a transaction that is over
        transaction.set_rollback(True)
        self.undo.close()
        self.faults.extend(violation for violation in found if violation.check != 14)
        assert self.faults == []


def first_calls(client, market, is_sandbox):
    """Have a row of each collection that sequences begin with."""
    client.post("/api/v1/webhooks", {"url": "https://example.com/first", "events": ["*"]})
    if not is_sandbox:
        client.post("/api/v1/holds", {"order": market["OPEN_ORDER"], "reason": "Size?"})
        client.post("/api/v1/notes", {"order": market["OPEN_ORDER"], "text": "Ring twice"})
        line = {"line": market["LINE"], "quantity": 1}
        client.post("/api/v1/returns", {"order": market["SHIPPED"], "lines": [line]})
        client.post(f"/api/v1/orders/{market['OPEN_ORDER']}/changes", {"phone": "030 654321"})
    deliver()


def add_links(document):
    """Say in the OpenAPI document which operations of LINKS can follow which."""
    for source, targets in LINKS.items():
        method, path, status = source.split()
        answer = document["paths"][f"/api/v1/{path}"][method.lower()]["responses"][status]
        for target, taken in targets.items():
            method, path = target.split()
            operation = document["paths"][f"/api/v1/{path}"][method.lower()]
            link = {"operationId": operation["operationId"], "parameters": {}}
            for name, value in taken.items():
                if name.startswith("path."):
                    link["parameters"][name] = value
                else:
                    link.setdefault("requestBody", {})[name] = value
            answer.setdefault("links", {})[operation["operationId"]] = link


def narrow(document, known):
    """Have most calls be right: fields named in `known` hold what is there, lists are whole, and see narrow_field()."""
    known |= {"country": "DE", "email": "ann@example.com", "phone": "030 123456", "url": "https://example.com/oms"}
    known |= {"carrier": "manual", "pickup_location": "", "events": "*", "discount": "0.50"}
    known |= dict.fromkeys(["confirmed_on", "arrives_on"], f"{timezone.localdate() + timedelta(days=9)}")
    schemas = document["components"]["schemas"]
    for title in [title for title in schemas if title.endswith("Request")]:
        for name, field in schemas[title]["properties"].items():
            narrow_field(field)
            if name in known:
                field.pop("pattern", None)
                field.get("items", field)["enum"] = [known[name]]
    schemas["AddressInRequest"]["required"] = list(schemas["AddressInRequest"]["properties"])
    schemas["OrderInRequest"]["required"] += ["ship_to"]
    schemas["OrderLineInRequest"]["required"] += ["unit_price"]
    schemas["OrderLineInRequest"]["properties"]["unit_price"] |= {"type": "string"}
    for operation in [operation for methods in document["paths"].values() for operation in methods.values()]:
        parameters = operation.get("parameters", [])
        operation["parameters"] = [one for one in parameters if one["in"] == "path" or one.get("required")]
        for one in operation["parameters"]:
            if one["in"] == "query":
                one["schema"]["items"]["enum"] = [known[one["name"]]]


def narrow_field(field):
    """Have texts be plain, amounts small, pieces few and something in each list."""
    if field.get("format") == "decimal":
        field["pattern"] = r"^[1-9]\d?(\.\d\d)?$"
    elif field.get("type") == "string" and "format" not in field:
        field["pattern"] = "^[A-Za-z][ -~äöüß]*$"
    elif field.get("type") == "array":
        field |= {"minItems": 1, "maxItems": 2}
    elif pieces := field.get("additionalProperties"):
        field |= {"propertyNames": {"pattern": "^[1-9][0-9]{0,3}$"}, "minProperties": 1}
        pieces["maximum"] = 2
    elif field.get("maximum", 0) >= 1000:
        field["maximum"] = 2


def rows_of(collection, body):
    """Return {("orders", "100007"): [ids of its lines]} of what was answered."""
    found = {}
    for row in body.get("results", [body]) if isinstance(body, dict) else ():
        number = str(row.get("number") or row.get("id"))
        found[collection, number] = [line["id"] for line in row.get("lines", []) if "id" in line]
    return found


def collection_of(case):
    return case.path.removeprefix("/api/v1/").removeprefix("sandbox/").split("/")[0]


def name_rows(case, rows):
    """Have the call name rows, and their lines, that answers told of; says whether its path names one."""
    case.path_parameters, case.body = dict(case.path_parameters or {}), deepcopy(case.body)
    collection, names = collection_of(case), case.path_parameters
    for name in ("number", "id"):
        if name in names:
            names[name] = one_of(rows, collection, names[name])
    if isinstance(case.body, dict):
        if "order" in case.body:
            case.body["order"] = one_of(rows, "orders", case.body["order"])
        for number in names.values():
            name_lines(case.body, rows.get((collection, str(number)), []))
        name_lines(case.body, rows.get(("orders", case.body.get("order")), []))
        for shipment in case.body.get("shipments", []):
            name_lines(shipment, rows.get(("fulfilment-orders", str(shipment.get("id"))), []))
    return any((collection, str(number)) in rows for number in names.values())


def one_of(rows, collection, number):
    """Return `number` when answers told of it, else one that they told of."""
    own = [known for where, known in rows if where == collection]
    return number if str(number) in own or not own else own[crc32(str(number).encode()) % len(own)]


def name_lines(value, ids):
    """Give {line id: pieces}, and {"line": id}, the ids of these lines."""
    for name, part in list(value.items()):
        if name in ("lines", "quantities", "pieces") and isinstance(part, dict) and ids:
            value[name] = dict(zip(map(str, ids), part.values(), strict=False))
        for number, row in enumerate(part if isinstance(part, list) else ()):
            if isinstance(row, dict) and "line" in row and ids:
                row["line"] = ids[number % len(ids)]
            if isinstance(row, dict):
                name_lines(row, ids)
