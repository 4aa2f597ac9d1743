"""A day in the warehouse over HTTP: orders picked, packed, sent and delivered, with what goes wrong on the way."""

import random
import time
from contextlib import nullcontext
from math import ceil

import numpy as np

from fulfilment.models import PutBack, WavePreset
from fulfilment.services import wave
from oms.lib.errors import InvalidTransition
from oms.management.bench import carrier_desk, day_figures, day_orders, server, warehouse
from oms.management.bench.backlog import Backlog
from oms.management.bench.crew import Crew
from orders.services.close import close_due

OPTIONS = ("orders", "seed", "pickers", "northwind", "worker")
FEWEST = 6
TOTES = 12
CANCELS, CANCEL_ONE_IN = 3, 100
MOST_WAVES = 9  # what was short is sourced again, and comes with a later wave
THREADS = 8


def add_arguments(parser):
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the random orders and mistakes")
    parser.add_argument("--pickers", type=int, default=6)
    parser.add_argument("--northwind", metavar="FOLDER", help="with all orders of this set among them")
    parser.add_argument("--worker", default="process", choices=["process", "here"], help="who runs the deliveries")


def run(bench, *, scale=1.0, orders=1000, seed=1, pickers=6, northwind=None, worker="process"):
    """Add what became of orders and pieces, scans in milliseconds, metres, cartons and postage beside naive ones.

    Raises RuntimeError where pieces do not add up, a wrong scan is not refused, or the doctor finds anything.
    """
    began, count = time.perf_counter(), max(FEWEST, round(orders * scale))
    bench.add(seed=seed, pickers=pickers)
    place = warehouse.make_place(totes=min(TOTES, ceil(count / pickers)))
    shelves = warehouse.Shelves(place, random.Random(seed))
    channel, key = _place_orders(count, northwind, shelves=shelves, dice=random.Random(seed))
    bench.add(placing_s=time.perf_counter() - began)
    backlog = Backlog(is_ours=worker == "here")
    served = server.serve(workers=1, threads=THREADS, app=server.PAGES, **carrier_desk.ENVIRONMENT)
    with nullcontext() if backlog.is_ours else server.worker(), served as (port, _):
        backlog.settle()
        bench.add(holds_released=day_orders.let_go())
        backlog.settle()
        shift = {"key": key, "cancellable": day_orders.numbers_of(channel)}
        shift["cancels"] = min(CANCELS, ceil(count / CANCEL_ONE_IN))
        crew = Crew(place, port, pickers=pickers, seed=seed, **shift)
        _work(bench, place, crew, backlog)
        _send_off(bench, port, crew, backlog)
    _report(bench, crew, shelves)
    bench.add(seconds=time.perf_counter() - began)


def _place_orders(count, northwind, *, shelves, dice):
    """Place `count` orders, Northwind's first; returns (the shop's Channel, its API key)."""
    channel, key = day_orders.make_shop()
    warehouse.make_carrier("PARCELPOST", "Parcel Post", "EUR")
    if northwind:
        warehouse.make_carrier("SPEEDY", "Speedy Express", "USD")
        count -= day_orders.import_northwind(northwind, shelves=shelves)
    day_orders.make_orders(channel, warehouse.make_goods(), max(count, 0), shelves=shelves, dice=dice)
    return channel, key


def _work(bench, place, crew, backlog):
    """Release wave after wave and work it off, until nothing is ready."""
    began, waves = time.perf_counter(), 0
    preset = WavePreset.objects.get(location=place)
    while waves < MOST_WAVES and (planned := _preview(preset)):
        waves += 1
        wave.release_wave(planned.pk, actor="system", seconds=3600)
        while wave.planned_carts(planned.pk):  # the last ones by the worker
            time.sleep(0.1)
        crew.work_off(backlog)
        backlog.settle()
    bench.add(waves=waves, work_s=time.perf_counter() - began)


def _preview(preset):
    """Return the next Wave, or None where nothing is ready."""
    try:
        return wave.preview(preset, actor="system")
    except InvalidTransition:
        return None


def _send_off(bench, port, crew, backlog):
    """Put back what nobody wants, hand over, and let the carriers bring it."""
    bench.add(rows_put_back=carrier_desk.put_back(crew.pickers[0].device))
    bench.add(manifests=carrier_desk.hand_over(crew.packers[0].device))
    backlog.settle()
    bench.add(webhooks=carrier_desk.deliver(port))
    backlog.settle()
    close_due()
    close_due()  # five hundred each
    backlog.settle()


def _report(bench, crew, shelves):
    scan_ms = np.concatenate([picker.scan_ms for picker in crew.pickers])
    median, p95 = np.percentile(scan_ms, [50, 95]).tolist()
    bench.add(**day_figures.orders())
    bench.add(picks=crew.sum("picks"), scans=len(scan_ms), scan_ms_median=median, scan_ms_p95=p95)
    bench.add(**day_figures.wrong_scans(crew.sum("wrong"), crew.sum("refused")))
    bench.add(short_picks=crew.sum("shorts"), picks_without_connection=crew.sum("alone"))
    stops = [seconds for picker in crew.pickers for seconds in picker.stop_s]
    bench.add(cancelled_while_picked=len(stops), stop_seen_s_max=max(stops, default=0.0))
    bench.add(stopped_at_bench=crew.sum("stopped"), packed_by_own_measure=crew.sum("measured"))
    back = sum(PutBack.objects.values_list("quantity", flat=True))
    bench.add(**day_figures.pieces(shelves.received, taken=crew.sum("pieces"), put_back=back))
    bench.add(**day_figures.walking(), **day_figures.parcels(), **day_figures.followed())
