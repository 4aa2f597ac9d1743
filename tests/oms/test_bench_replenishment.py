import random
from datetime import date, timedelta

import pytest
from django.core.management import CommandError

from oms.management.bench import bench_replenishment
from oms.management.bench.measure import Bench

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def line(day, code, quantity, price=2.5, invoice=1):
    return f"{invoice},{code},Heart,{quantity},{day} 08:26:00,{price},1,United Kingdom\n"


def year(tmp_path):
    """Write a year of sales of 12 SKUs, with postage and cancellations among them."""
    chance = random.Random(3)
    path = tmp_path / "sales.csv"
    with path.open("w") as file:
        file.write(HEADER)
        for number in range(300):
            day = date(2024, 1, 1) + timedelta(number)
            file.writelines(line(day, f"{20000 + sku}a", chance.randrange(1, 9)) for sku in range(12))
            file.write(line(day, "POST", 1, 18))
    return path


def test_both_rules_replay_the_days_after_those_they_learned_from(tmp_path):
    bench = Bench("replenishment")
    bench_replenishment.run(bench, file=str(year(tmp_path)))
    figures = bench.figures
    assert (figures["skus"], figures["days"], figures["first_day"]) == (12, 210, "2024-01-01")
    assert figures["replenishment_fill_rate"] > 0.95
    assert figures["minmax_fill_rate"] > 0.9
    assert figures["pooled_fill_rate"] > 0.95
    assert figures["replenishment_orders"] > 12
    assert figures["replenishment_stock_value"] > 0


def test_demand_is_of_goods_less_what_was_cancelled_the_same_day(tmp_path):
    path = tmp_path / "sales.csv"
    rows = [("2024-01-01", "20000A", 10), ("2024-01-01", "20000a", -4), ("2024-01-02", "20000A", -6)]
    rows += [("2024-01-03", "20001", 3), ("2024-01-03", "M", 7)]
    path.write_text(HEADER + "".join(line(*row) for row in rows) + line("2024-01-03", "20001", 50, price=0))
    demand, price, first = bench_replenishment._sales(path)
    assert demand.tolist() == [[6, 0, 0], [0, 0, 3]]
    assert price.tolist() == [2.5, 2.5]
    assert first == date(2024, 1, 1)


def test_a_file_that_cannot_be_replayed_is_refused(tmp_path):
    with pytest.raises(CommandError, match="--tuned-days 300: the file has 300 days"):
        bench_replenishment.run(Bench("replenishment"), file=str(year(tmp_path)), tuned_days=300)
    odd = tmp_path / "odd.csv"
    odd.write_text("sku,sold\nHEART,2\n")
    with pytest.raises(CommandError, match="InvoiceDate"):
        bench_replenishment.run(Bench("replenishment"), file=str(odd))
    odd.write_text(HEADER)
    with pytest.raises(CommandError, match="no sales of goods"):
        bench_replenishment.run(Bench("replenishment"), file=str(odd))
