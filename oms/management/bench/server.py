"""The web server of a bench, gunicorn on a free port of the loopback, and its worker, over the scratch database."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


PAGES = "oms.management.bench.pages_wsgi"  # serves pages, too, where nobody collected their static files


@contextmanager
def serve(*, workers=2, threads=4, app="oms.wsgi", **environment):
    """Yield (port, pid of gunicorn) of the WSGI module `app`; it is ended by its pid.

    `environment` are variables of its own.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", app, "-k", "gthread", "-w", str(workers)]
    command += ["--threads", str(threads), "-b", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    command += ["--timeout", "0"]  # a machine that was suspended meanwhile starts no worker anew
    with tempfile.TemporaryFile() as log:  # written, as in production, but nobody reads it
        process = _start(command, log, environment)
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        _end(process)


@contextmanager
def worker(**environment):
    """Yield the pid of a worker that runs deliveries and the schedule, as in production without a broker."""
    with tempfile.TemporaryFile() as log:
        process = _start([sys.executable, "manage.py", "worker"], log, environment)
    try:
        yield process.pid
    finally:
        _end(process)


def cpu_ms(pid):
    """Return the CPU milliseconds of a process and its children so far, from /proc."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    spent = 0
    for each in [str(pid), *children]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent * TICK_MS


def _start(command, log, environment):
    environment = _environment() | environment
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)


def _end(process):
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def _environment():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        host = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
        url = f"postgres://{database['USER']}{password}@{host}/{database['NAME']}"
    own = {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "API_RATE": "1000000000", "REDIS_URL": ""}
    return os.environ | own | {"MEDIA_ROOT": str(settings.MEDIA_ROOT), "EMAIL_URL": "dummymail://"}


def _wait(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("The web server did not start: run gunicorn by hand to see why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The web server did not answer within 20 s.")
