"""Several processes that do one thing as fast as they can for a while."""

import multiprocessing
import time

from django.db import connections

processes = multiprocessing.get_context("fork")


def drive(function, *, clients, seconds, spent=None):
    """Call `function(client, i)` in `clients` processes for `seconds`; returns (calls a second, CPU ms a call).

    The CPU is that of the clients, system time included. A list `spent` is given the ms of each call. An error ends
    the bench.
    """
    connections.close_all()
    gate, answers = processes.Barrier(clients), processes.SimpleQueue()
    started = [processes.Process(target=_run, args=(function, n, seconds, gate, answers)) for n in range(clients)]
    for process in started:
        process.start()
    results = [answers.get() for _ in started]
    for process in started:
        process.join()
    calls = sum(max(1, len(times)) for times, _, _ in results)
    if any(error for _, _, error in results):
        raise RuntimeError(next(error for _, _, error in results if error))
    if spent is not None:
        spent += [ms for times, _, _ in results for ms in times]
    return calls / seconds, sum(cpu for _, cpu, _ in results) * 1000 / calls


def _run(function, client, seconds, gate, answers):
    connections.close_all()
    times, error = [], None
    try:
        function(client, -1)
        gate.wait(60)
        cpu, start = time.process_time(), time.monotonic()
        now, until = start, start + seconds
        while now < until:
            function(client, len(times))
            begun, now = now, time.monotonic()
            times.append((now - begun) * 1000)
    except Exception as caught:
        error, cpu = repr(caught), time.process_time()
    finally:
        answers.put((times, time.process_time() - cpu, error))
        connections.close_all()
