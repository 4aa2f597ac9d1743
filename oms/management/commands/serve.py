import os
import signal
import socket
import subprocess
import sys
from threading import Event

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

STOP_S = 15


class Command(BaseCommand):
    help = "Run the web server and a worker on this machine until Ctrl+C: all of the OMS for one merchant."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="taken if it is free, else the next that is")

    def handle(self, *, port, **options):
        stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: stopping.set())
        port = free_port(port)
        environment = {"SITE_URL": f"http://localhost:{port}"} | os.environ
        logs = settings.BASE_DIR / ".run"
        logs.mkdir(exist_ok=True)
        processes = {}
        try:
            for name, command in {"web": web(port), "worker": worker()}.items():
                processes[name] = start(command, log=logs / f"{name}.log", environment=environment)
            self.stdout.write(f"The console: {environment['SITE_URL']}/admin/   (Ctrl+C stops it)")
            self.stdout.write(f"Its logs: {logs}/web.log and worker.log")
            self.stdout.flush()  # who reads us through a pipe would wait for more
            while not stopping.wait(0.5):
                for name, process in processes.items():
                    if process.poll() is not None:
                        raise CommandError(f"The {name} process ended by itself: see {logs / name}.log")
        finally:
            stop(processes.values())


def web(port):
    """Return the command of the web server; one process where the database lets one writer in at a time."""
    processes = 1 if connection.vendor == "sqlite" else 2
    gunicorn = [sys.executable, "-m", "gunicorn", "oms.wsgi", "--bind", f"127.0.0.1:{port}"]
    return [*gunicorn, "--worker-class=gthread", "--threads=8", f"--workers={processes}", "--no-control-socket"]


def worker():
    """Return the command of the worker: Celery's when there is a broker, else our own."""
    if settings.REDIS_URL:
        return [sys.executable, "-m", "celery", "-A", "oms", "worker", "--loglevel=INFO", "--concurrency=2"]
    return [sys.executable, "manage.py", "worker"]


def free_port(first):
    """Return the first TCP port of the loopback from `first` on that nobody listens on."""
    for port in range(first, first + 100):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise CommandError(f"No port from {first} to {first + 99} is free: choose another with --port.")


def start(command, *, log, environment):
    """Start `command` apart from our terminal, so that Ctrl+C reaches only us; its output goes to `log`."""
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def stop(processes):
    """Ask each process to end, and end by force what has not within STOP_S."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
