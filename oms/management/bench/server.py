"""The web server of a bench: gunicorn on a free port of the loopback, over the scratch database."""

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


@contextmanager
def serve(*, workers=2, threads=4):
    """Yield (port, pid of gunicorn); it is ended by its pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "oms.wsgi", "-k", "gthread", "-w", str(workers)]
    command += ["--threads", str(threads), "-b", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:  # written, as in production, but nobody reads it
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=_environment(), stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def cpu_ms(pid):
    """Return the CPU milliseconds of a process and its children so far, from /proc."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    spent = 0
    for each in [str(pid), *children]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent * TICK_MS


def _environment():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
        host = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
        url = f"postgres://{database['USER']}{password}@{host}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "API_RATE": "1000000000"}


def _wait(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError("The web server did not start: run gunicorn by hand to see why.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The web server did not answer within 20 s.")
