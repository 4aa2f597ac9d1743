"""Several processes at once, against the test's own database."""

import multiprocessing
import traceback

from django.db import connections

processes = multiprocessing.get_context("fork")


def race(function, count, *, timeout=60):
    """Run `function(number)` in `count` processes that start together; returns what each returned.

    The calling test needs `django_db(transaction=True)`, or the others do not see its rows. An error of
    any process fails the test with its traceback.
    """
    connections.close_all()
    gate = processes.Barrier(count)
    answers = processes.SimpleQueue()
    started = [processes.Process(target=_run, args=(function, n, gate, answers)) for n in range(count)]
    for process in started:
        process.start()
    results = [answers.get() for _ in started]
    for process in started:
        process.join(timeout)
    errors = [error for error, _ in results if error]
    assert not errors, "\n".join(errors)
    return [result for _, result in results]


def _run(function, number, gate, answers):
    connections.close_all()
    try:
        gate.wait(30)
        answers.put((None, function(number)))
    except BaseException:
        answers.put((traceback.format_exc(), None))
    finally:
        connections.close_all()
