"""Each bench at its smallest: that it runs and measures what it says, never how fast."""

import os

import pytest
from django.db import connection

from oms.management.bench import (
    bench_api,
    bench_availability,
    bench_documents,
    bench_hot_sku,
    bench_lists,
    bench_placement,
    bench_sourcing,
    bench_waves,
    bench_webhooks,
    pgbench,
    webhooks_out,
)
from oms.management.bench.measure import Bench
from oms.partners.services import send_webhooks

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="One database is enough to see that it runs.")
in_soak = pytest.mark.skipif("OMS_SOAK" not in os.environ, reason="Long even at its smallest: in make soak.")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="Its bound is pgbench's.")


def figures_of(bench, *, scale, **options):
    report = Bench("test")
    bench.run(report, scale=scale, **options)
    return report


@on_sqlite
@pytest.mark.django_db
def test_documents():
    figures = figures_of(bench_documents, scale=0.01).figures
    assert (figures["invoices"], figures["pick_list_lines"]) == (10, 20)


@on_sqlite
@in_soak
@pytest.mark.corrupt  # its orders are copied by SQL
@pytest.mark.django_db
def test_lists(capsys):
    report = figures_of(bench_lists, scale=0.0002)
    assert not capsys.readouterr().out, "what is printed is one JSON object"
    assert report.figures["orders"] == 40
    assert {"order list", "search by phone", "home of CS", "API list, deep page"} <= {
        row["name"] for row in report.instances
    }


def test_the_bound_of_placing_is_no_queue_at_one_row():
    said = "INSERT INTO a VALUES ('captured-order', 'captured@example.com', 5001)"
    names = {"external_id": "captured-order", "email": "captured@example.com"}
    text = pgbench.script([said], **names, numbers=[1, 1, 1], first_sku=5000, skus=3)
    assert "captured" not in text
    assert "'ann:who@example.com', :s0)" in text


@on_postgresql
@in_soak
@pytest.mark.corrupt  # pgbench writes orders by their statements alone
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_placement():
    figures = figures_of(bench_placement, scale=0.1).figures
    assert (figures["sql_statements_per_order"], figures["http_orders_per_s"] > 0) == (13, True)


@on_postgresql
@in_soak
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_api():
    figures = figures_of(bench_api, scale=0.02).figures
    assert (figures["bulk_size"], figures["bulk_to_single_ratio"] > 1) == (10, True)
    assert 0 < figures["floor_cpu_ms"] < figures["order_cpu_ms"]


@on_postgresql
@in_soak
@pytest.mark.corrupt(1, 3, 4)  # its stock is written past the ledger
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_hot_sku():
    figures = figures_of(bench_hot_sku, scale=0.03).figures
    assert (figures["oversold_pieces"], figures["hot_sku_orders_per_s"] > 0) == (0, True)
    assert all(figures[f"reservations_{clients}_clients_to_pgbench_ratio"] > 0 for clients in (1, 4, 16))


@on_postgresql  # a server of its own sees what is committed
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_availability():
    figures = figures_of(bench_availability, scale=0.005).figures
    assert (figures["levels"], figures["numbers_answered"], figures["sql_statements"]) == (250, 250, 3)


@pytest.mark.corrupt  # its stock is written past the ledger
@pytest.mark.django_db
def test_sourcing():
    report = Bench("test")
    bench_sourcing.run(report, orders=20, locations=12, seed=3)
    figures = report.figures
    assert (figures["one_ours_gap_max_percent"], figures["batch_ours_violations"]) == (0, 0)
    assert figures["one_most_coverage_gap_percent"] > 0
    assert -0.011 <= figures["batch_ours_gap_percent"] <= figures["batch_first_come_gap_percent"]


@on_sqlite
@pytest.mark.corrupt  # its stock is written past the ledger
@pytest.mark.django_db
def test_waves():
    report = Bench("test")
    bench_waves.run(report, orders=12, seed=2, release=True)
    figures = report.figures
    assert (figures["orders"], figures["lists"], figures["release_s"] > 0) == (12, 1, True)
    assert 0 < figures["metres"] <= figures["naive_metres"]


@on_sqlite
@pytest.mark.corrupt(16)  # there are no such orders
@pytest.mark.django_db
def test_webhooks_out(monkeypatch):
    monkeypatch.setattr(webhooks_out, "SUBJECTS", 10)
    monkeypatch.setattr(webhooks_out, "SHORT_S", (0,))
    monkeypatch.setattr(send_webhooks, "TIMEOUT_S", 0.5)
    figures = figures_of(bench_webhooks, scale=0.02, direction="out").figures
    assert (figures["messages"], figures["good_messages"]) == (20, 20)
    assert (figures["flaky_missing"], figures["flaky_out_of_order"]) == (0, 0)
    assert figures["flaky_calls"] > 20


@on_postgresql  # a server of its own sees what is committed
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_webhooks_in():
    figures = figures_of(bench_webhooks, scale=0.01, direction="in").figures
    assert figures["accepted"] > 8
    assert figures["missing"] == 0
    assert 0 < figures["floor_p50_ms"] <= figures["floor_p99_ms"]
    assert 0 < figures["floor_cpu_ms"] < figures["accepted_cpu_ms"]
