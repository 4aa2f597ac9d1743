"""The examples of the partner API in README.md do what they say: bash reads them, our client sends them."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from functools import cache
from time import sleep
from urllib.parse import urlsplit

import jsonschema
import pytest
from django.conf import settings
from django.db import IntegrityError
from drf_spectacular.generators import SchemaGenerator

from fulfilment.models import FulfilmentOrder, Parcel
from inventory.models import PurchaseOrder, Transfer
from oms.api import router
from oms.lib.api import openapi
from orders.models import Order, OrderChange
from returns.models import Return
from tests.deliver import deliver
from tests.market import make_market

pytestmark = pytest.mark.django_db

README = (settings.BASE_DIR / "README.md").read_text()
SECTION = README.split("\n## Partner API")[1].split("\n## ")[0]
BLOCKS = re.findall(r"^```sh\n(.*?)^```", SECTION, re.M | re.S)
OMS = "http://localhost:8000"
NO_SECRET = "whsec_ZXhhbXBsZSBzZWNyZXQgb2Ygbm9ib2R5"
# Where an id is only known after an example: its name, the example's path, and where it stands in the answer.
FOUND = [
    ("CHANGE", "/api/v1/orders/{OPEN_ORDER}/changes", "id"),
    ("HOLD", "/api/v1/holds", "id"),
    ("NOTE", "/api/v1/notes", "id"),
    ("ORDER", "/api/v1/orders", "number"),
    ("RETURN", "/api/v1/returns", "number"),
    ("HOOK", "/api/v1/webhooks", "id"),
    ("DELIVERY", "/api/v1/webhooks/{HOOK}/test", "id"),
]


def calls(blocks, values):
    """Return [[arguments of curl]] of the examples in `blocks`, as bash hands them over with `values` set."""
    script = "set -euo pipefail\ncurl() { printf '%s\\0' \"$@\"; printf '\\n\\0'; }\n" + "\n".join(blocks)
    done = subprocess.run(["bash", "-c", script], env=values, capture_output=True, text=True, check=True)
    return [call.rstrip("\0").split("\0") for call in done.stdout.split("\n\0") if call]


def send(client, arguments):
    """Send what curl would for `arguments`; returns (method, path, the answer)."""
    method, body, headers, url, left = None, None, {}, None, list(arguments)
    while left:
        match left.pop(0):
            case "-H":
                name, _, value = left.pop(0).partition(": ")
                headers[name] = value
            case "-X":
                method = left.pop(0)
            case "--json":
                body = json.dumps(json.loads(left.pop(0)))
            case "-o":
                left.pop(0)
            case argument:
                assert url is None, arguments
                assert not argument.startswith("-"), arguments
                url = argument
    assert url.startswith(f"{OMS}/api/v1/"), url
    method = method or ("POST" if body else "GET")
    path = url.removeprefix(OMS)
    answer = client.generic(method, path, body or "", content_type="application/json", headers=headers)
    answer.sent = json.loads(body) if body else None
    return method, urlsplit(path).path, answer


@pytest.fixture
def values(db):
    """What the names mean that the examples use."""
    return make_market()


@pytest.fixture
def answers(client, values):
    """What each example is answered, one after the other: [(method, path, answer)]."""
    for name, _, _ in FOUND:  # until an answer tells
        values[name] = f"0{name}"
    found = []
    for number in range(len(calls(BLOCKS, values))):
        found.append(send(client, calls(BLOCKS, values)[number]))
        for name, path, field in FOUND:
            if found[-1][:2] == ("POST", path.format(**values)):
                values[name] = str(found[-1][2].json()[field])
    return found


def test_the_examples(answers, values, subtests):
    """All are sent once, which takes seconds, and then looked at."""
    with subtests.test("each is answered"):
        _every_one_is_answered(answers)
    with subtests.test("they do what they say"):
        _they_do_what_they_say(answers, values)
    with subtests.test("each endpoint has one"):
        _every_endpoint_has_one(answers)
    with subtests.test("the OpenAPI document shows them"):
        _the_openapi_document_shows_them(answers)


def _every_one_is_answered(answers):
    for method, path, answer in answers:
        assert 200 <= answer.status_code < 300, (method, path, answer.content[:300])


def _they_do_what_they_say(answers, values):
    assert Order.objects.get(external_id="4711-a").status == "placed"
    assert OrderChange.objects.get(pk=values["CHANGE"]).status == "applied"
    order = Order.objects.get(external_id="4711")
    assert (order.number, str(order.status)) == (values["ORDER"], "cancelled")
    assert Return.objects.get().order.number == values["SHIPPED"]
    assert Parcel.objects.get(fulfilment_order=values["WORK"]).tracking_number == "00340434161094"
    assert not FulfilmentOrder.objects.get(pk=values["ASKED"]).lines.filter(stopped__gt=0).exists()
    assert Transfer.objects.get().status == "received"
    assert PurchaseOrder.objects.get().notices.get().delivery_note == "LS-2044"
    pdf = next(answer for _, path, answer in answers if path.endswith("/pdf"))
    assert pdf.content.startswith(b"%PDF")


def _every_endpoint_has_one(answers):
    missing = []
    for pattern in router.urls:
        route = re.compile(str(pattern.pattern))
        for method in pattern.callback.actions:
            if method != "head" and not any(
                method.upper() == used and route.search(path.removeprefix("/api/v1/")) for used, path, _ in answers
            ):
                missing.append((method.upper(), route.pattern))
    assert missing == []


@cache
def schema():
    """Return the OpenAPI document; not made before a test wants it, as that takes a second."""
    return SchemaGenerator().get_schema(public=True)


def operations():
    """Return {"POST /api/v1/orders": (pattern of its path, operation)} of the OpenAPI document."""
    found = {}
    for path, methods in schema()["paths"].items():
        # What has no parameter is the better match: orders/bulk is no order.
        pattern = re.compile(re.sub(r"{\w+}", "[^/]+", path))
        found |= {f"{method.upper()} {path}": (pattern, operation) for method, operation in methods.items()}
    return dict(sorted(found.items(), key=lambda item: "{" in item[0]))


def _the_openapi_document_shows_them(answers):
    """With OMS_RECORD=1 it writes the examples anew; else what stands there must still have the same fields."""
    found, documented = {}, operations()
    for method, path, answer in answers:
        name = next(one for one in documented if one.startswith(f"{method} ") and documented[one][0].fullmatch(path))
        is_json = answer.get("Content-Type") == "application/json" and answer.content
        response = shown(answer.json()) if is_json else None
        found.setdefault(name, {"request": answer.sent, "status": answer.status_code, "response": response})
    if os.environ.get("OMS_RECORD"):
        openapi.EXAMPLES.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        openapi.examples.cache_clear()
    assert shapes(openapi.examples()) == shapes(found)


@pytest.mark.django_db(transaction=True)
def test_the_script_does_what_it_prints(live_server):
    market = make_market(more="TBL-RUST")
    keys = {"KEY": market["KEY"], "WAREHOUSE_KEY": market["KEY"], "OMS": live_server.url}
    [script] = re.findall(r"^```python\n(.*?)^```", SECTION, re.M | re.S)
    running = subprocess.Popen([sys.executable, "-c", script], env=keys, stdout=subprocess.PIPE, text=True)
    while running.poll() is None:
        with suppress(IntegrityError):  # the endpoint goes while a message for it is queued: a worker tries again
            deliver()
        sleep(0.05)
    order = Order.objects.latest("pk")
    said = [
        f"Order {order} is placed",
        f"Parcel {order.external_id} has left",
        "The webhook tells of order.shipped and is pending",
        f"Return {Return.objects.get()} is requested",
    ]
    assert running.stdout.read().splitlines()[1:] == said
    assert running.returncode == 0


def shown(value):
    """Return an answer as an example shows it: two rows of many, and a secret that is nobody's."""
    if isinstance(value, list):
        return [shown(one) for one in value[:2]]
    if isinstance(value, dict):
        return {name: NO_SECRET if name == "secret" else shown(one) for name, one in value.items()}
    return value


def shapes(examples):
    """Return what of examples does not change with each run: {operation: (fields sent, status, fields answered)}."""
    return {
        name: (sorted(one["request"] or ()), one["status"], sorted(one["response"] or ()))
        for name, one in examples.items()
    }


def test_each_operation_has_an_example_that_is_as_documented(subtests):
    for name, (_, operation) in operations().items():
        with subtests.test(name):
            _is_as_documented(name, operation)


def _is_as_documented(name, operation):
    example = openapi.examples()[name]
    body = operation.get("requestBody")
    assert (example["request"] is None) == (body is None), "the README shows a body where there is one"
    if body:
        check(example["request"], body["content"]["application/json"]["schema"])
    content = operation["responses"][str(example["status"])].get("content", {})
    if "application/json" in content:
        check(example["response"], content["application/json"]["schema"])


def test_each_operation_says_which_problems_it_answers_with_an_example_of_each(subtests):
    for name, (_, operation) in operations().items():
        with subtests.test(name):
            for status in (401, 403, 429, 503):
                assert operation["responses"][str(status)]["$ref"].endswith(f"Problem{status}")
    for response in schema()["components"]["responses"].values():
        content = response["content"]["application/problem+json"]
        for one in content["examples"].values():
            check(one["value"], content["schema"])


def check(value, wanted):
    validator = jsonschema.Draft202012Validator(wanted | {"components": schema()["components"]})
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)] == []
