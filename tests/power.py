"""Power cuts: a process is killed (SIGKILL) in the middle of its work, after a statement of our choice."""

import os
import signal

from django.db import connection, connections

from tests.race import processes

WAIT_S = 60


def cut(function, *, after):
    """Run `function()` in a process of its own and cut its power after its statement number `after`, 0: at its end.

    Nothing of it runs on: no rollback, no `finally`. Returns whether it came that far. The calling test needs
    `django_db(transaction=True)`.
    """
    connections.close_all()
    process = processes.Process(target=_run, args=(function, after))
    process.start()
    process.join(WAIT_S)
    assert process.exitcode in (0, -signal.SIGKILL), f"it failed by itself: {process.exitcode}"
    return process.exitcode != 0


def _run(function, after):
    connections.close_all()
    seen = 0

    def count(execute, sql, params, many, context):
        nonlocal seen
        answer = execute(sql, params, many, context)
        seen += 1
        if seen == after:
            die()
        return answer

    with connection.execute_wrapper(count):
        function()
    if not after:
        die()
    os._exit(0)


def die():
    os.kill(os.getpid(), signal.SIGKILL)
