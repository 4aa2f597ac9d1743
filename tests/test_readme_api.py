"""The examples of the partner API in README.md do what they say: bash reads them, our client sends them."""

import json
import re
import subprocess
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services import assign
from inventory.models import PurchaseOrder, Transfer
from oms.api import router
from oms.papers.models import Document
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from orders.models import Order
from orders.services.cancel import cancel
from returns.models import Return
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf
from tests.inventory.buying import make_sent, make_supplier
from tests.inventory.carrying import make_transfer
from tests.make import make_channel, make_location, make_sku
from tests.returns.make import ship_all

pytestmark = pytest.mark.django_db

README = (settings.BASE_DIR / "README.md").read_text()
SECTION = README.split("\n## Partner API")[1].split("\n## ")[0]
BLOCKS = re.findall(r"^```sh\n(.*?)^```", SECTION, re.M | re.S)
OMS = "http://localhost:8000"
# Where an id is only known after an example: its name, the example's path, and where it stands in the answer.
FOUND = [
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
    return method, urlsplit(path).path, answer


@pytest.fixture
def values(make_partner):
    """Rows of a partner that is a marketplace and a 3PL, by the names that the examples use."""
    partner = make_partner("MARKET")
    channel = make_channel(code="MARKET", partner=partner)
    make_sku(code="MUG")
    _, (sku,) = make_shelf(50)
    shipped = ship_all(confirmed((sku, 2), channel=channel))
    deliver()
    place = make_location("SWIFT", kind="3pl", partner=partner)
    _, skus = make_shelf(20, 20, location=place)
    work = FulfilmentOrder.objects.get(order=confirmed((skus[0], 2)))
    asked = FulfilmentOrder.objects.get(order=confirmed((skus[1], 1)))
    assign.acknowledge(asked.pk, actor=ACTOR)
    cancel(asked.order_id, reason="Changed his mind", actor=ACTOR)
    deliver()
    purchase = make_sent(5, supplier=make_supplier(partner=partner))
    transfer = make_transfer(place)
    ids = {
        "TRANSFER": transfer.number,
        "TRANSFER_LINE": transfer.lines.get().pk,
        "PURCHASE": purchase.number,
        "PURCHASE_LINE": purchase.lines.get().pk,
        "SKU": sku.code,
        "SHIPPED": shipped.number,
        "LINE": shipped.lines.get().pk,
        "PARCEL": Parcel.objects.get(order=shipped).pk,
        "DOCUMENT": Document.objects.get(subject=shipped.subject, kind="invoice").pk,
        "WORK": work.pk,
        "WORK_LINE": work.lines.get().pk,
        "ASKED": asked.pk,
        "YOUR_ID": "4711",
        "KEY": create_key(partner, name="shop", scopes=list(SCOPES))[1],
    }
    return {name: str(value) for name, value in ids.items()}


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


def test_every_example_is_answered(answers):
    for method, path, answer in answers:
        assert 200 <= answer.status_code < 300, (method, path, answer.content[:300])


def test_the_examples_do_what_they_say(answers, values):
    order = Order.objects.get(external_id="4711")
    assert (order.number, str(order.status)) == (values["ORDER"], "cancelled")
    assert Return.objects.get().order.number == values["SHIPPED"]
    assert Parcel.objects.get(fulfilment_order=values["WORK"]).tracking_number == "00340434161094"
    assert not FulfilmentOrder.objects.get(pk=values["ASKED"]).lines.filter(stopped__gt=0).exists()
    assert Transfer.objects.get().status == "received"
    assert PurchaseOrder.objects.get().notices.get().delivery_note == "LS-2044"
    pdf = next(answer for _, path, answer in answers if path.endswith("/pdf"))
    assert pdf.content.startswith(b"%PDF")


def test_every_endpoint_has_an_example(answers):
    missing = []
    for pattern in router.urls:
        route = re.compile(str(pattern.pattern))
        for method in pattern.callback.actions:
            if method != "head" and not any(
                method.upper() == used and route.search(path.removeprefix("/api/v1/")) for used, path, _ in answers
            ):
                missing.append((method.upper(), route.pattern))
    assert missing == []
