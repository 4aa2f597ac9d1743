"""Everything that the OpenAPI document allows, and much that it does not: the API never fails on its own.

And it answers as the document says: with those statuses, media types and bodies.

A few requests an operation in `make test`, ten minutes of them in `make soak`. What the document forbids is refused
before the database hears of it, so of its list of such requests PostgreSQL is not asked in `make test`.
"""

import os

import pytest
import schemathesis
from django.db import connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oms.partners.models import Partner
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from oms.wsgi import application
from tests.make import make_channel
from tests.returns.make import asked, shipped

EXAMPLES = int(os.environ.get("OMS_FUZZ_EXAMPLES") or (200 if os.environ.get("OMS_SOAK") else 6))
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not os.environ.get("OMS_SOAK"),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(autouse=True)
def keep_connection(db, monkeypatch):
    """The end of a request closes the connection, and with it the test's transaction: not here."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def known(db):
    """Rows of a partner that the fuzzer may hit upon, and the header of his key."""
    partner = Partner.objects.create(code="FUZZ", name="Fuzz")
    order = shipped(3, channel=make_channel(code="FUZZ", partner=partner))
    rma = asked(order)
    _, key = create_key(partner, name="fuzz", scopes=list(SCOPES))
    return {"headers": {"Authorization": f"Bearer {key}"}, "numbers": [order.number, rma.number, "1"]}


@pytest.mark.soak
@pytest.mark.sql
@pytest.mark.corrupt(14)  # no worker runs; in the soak for longer than a delivery may wait
@pytest.mark.parametrize("is_read", [True, False], ids=["read", "write"])
def test_every_request_is_answered_as_documented(is_read, known, subtests):
    """Cases are made here, where they are run: to make them takes as long as to collect all other tests."""
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
    schema.app = application
    schema.config.generation.update(modes=list(GenerationMode))
    if connection.vendor == "postgresql" and "OMS_TWO_RUNS" in os.environ:
        schema.config.phases.coverage.generation.update(modes=[GenerationMode.POSITIVE])
    part = schema.include(method="GET") if is_read else schema.exclude(method="GET")
    operations = 0
    for result in get_all_tests(schema=part, test_func=ask, settings=FUZZED, given_kwargs={}):
        operation, ask_all = result.ok()
        operations += 1
        with subtests.test(operation.label):
            ask_all(known=known)
    assert operations > 10


def ask(case, known):
    for i, name in enumerate(sorted(case.path_parameters or {})):
        if hash(str(case.query)) % 2:  # half of the time something that exists
            case.path_parameters[name] = known["numbers"][i % 3]
    case.call_and_validate(headers=known["headers"], checks=CHECKS)
