import io
import json
import logging

import pytest
import structlog
from django.test import RequestFactory
from django.urls import ResolverMatch

from oms.lib import log
from oms.lib.commands import command


@pytest.fixture
def lines():
    """Return a function that gives the log lines so far, as production writes them, as dicts."""
    formatter, written = log.config(debug=False)["formatters"]["lines"], io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_line_is_one_json_object_with_what_is_bound(lines):
    with log.scope():
        log.bind(order="100017")
        logging.getLogger("orders").warning("Held: %s", "address")
    logging.getLogger("orders").warning("Afterwards")
    held, after = lines()
    assert (held["event"], held["order"], held["level"]) == ("Held: address", "100017", "warning")
    assert "order" not in after


def test_an_error_is_written_with_its_place_but_without_the_values_it_met(lines):
    try:
        password = "hunter" + "2"
        raise OSError(len(password))
    except OSError:
        logging.getLogger("orders").exception("Failed")
    assert "test_log.py" in lines()[0]["exception"]
    assert "hunter2" not in str(lines())


def test_leaving_a_scope_brings_back_what_it_covered(lines):
    with log.scope():
        log.bind(order="1")
        with log.scope():
            log.bind(order="2")
        structlog.get_logger("orders").warning("Back")
    assert lines()[0]["order"] == "1"


def test_what_a_command_binds_ends_with_it(lines, transactional_db):
    @command
    def hold():
        log.bind(order="100017")
        logging.getLogger("orders").warning("Inside")

    hold()
    logging.getLogger("orders").warning("Outside")
    assert [line.get("order") for line in lines()] == ["100017", None]


def test_a_request_keeps_a_sane_id_and_gets_one_instead_of_any_other(client):
    assert client.get("/admin/login/", headers={"X-Request-Id": "abc-1"})["X-Request-Id"] == "abc-1"
    for insane in ("a" * 65, "x\ty", '"}{', ""):
        assert len(client.get("/admin/login/", headers={"X-Request-Id": insane})["X-Request-Id"]) == 36


def test_the_id_sent_back_is_the_one_on_the_log_lines(client, lines):
    given = client.get("/healthz")["X-Request-Id"]
    assert [line["request_id"] for line in lines() if line["event"] == "request_finished"] == [given]


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_id_and_without_its_query(client, lines):
    client.get("/admin/login/?q=ann@example.com", headers={"X-Request-Id": "abc-1"})
    (line,) = [line for line in lines() if line["event"] == "request_finished"]
    assert (line["request"], line["code"], line["request_id"]) == ("GET /admin/login/", 200, "abc-1")


@pytest.mark.django_db
def test_a_failed_request_is_one_line_with_its_error(client, lines, monkeypatch):
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("oms.outbox.health._migrations", lambda: 1 / 0)
        assert client.get("/readyz").status_code == 500
    (line,) = [line for line in lines() if "request" in line]
    assert (line["code"], line["request"]) == (500, "GET /readyz")
    assert "ZeroDivisionError" in line["exception"]


def test_a_customers_link_is_not_written_to_the_log():
    request = RequestFactory().get("/o/secret-token/invoice")
    request.resolver_match = ResolverMatch(print, (), {"token": "secret-token"})
    assert log.RequestLog.format_request(request) == "GET /o/.../invoice"
