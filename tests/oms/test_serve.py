import os
import re
import signal
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings
from django.db import connection

from tests import database, servers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite" and "OMS_SOAK" not in os.environ, reason="On SQLite, its default; in make soak."
    ),
]


@pytest.fixture
def serve():
    """Return `serve(port)`: `manage.py serve` on the test's own database."""
    started = []

    def serve(port):
        environment = os.environ | {"DATABASE_URL": database.url(), "REDIS_URL": ""}
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        started.append(
            subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1
            )
        )
        return started[0]

    yield serve
    for process in started:
        process.send_signal(signal.SIGINT)
        process.wait(40)


def answer_of(url, seconds=30):
    for _ in range(seconds * 10):
        try:
            return urlopen(url).status
        except (HTTPError, URLError):
            time.sleep(0.1)
    raise AssertionError(f"{url} was not ready in {seconds} s")


def test_takes_the_next_port_serves_until_told_to_stop_and_leaves_nothing_behind(serve):
    with servers.listening() as taken:
        process = serve(taken)
        site, port = re.search(r"(http://localhost:(\d+))", process.stdout.readline()).groups()
    assert taken < int(port) < taken + 100  # the next may be another's, too
    assert answer_of(f"{site}/readyz") == 200
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 3  # gunicorn, its process, the worker

    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 0
    assert not any(child.is_running() for child in children)
