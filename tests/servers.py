"""Private servers for a test run: on free ports of this machine, in a temporary folder, ended with it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

STARTUP_S = 30


class NotFound(Exception):
    """A program that the tests need is not installed."""


@contextmanager
def postgres():
    """Start a PostgreSQL of our own; give the DATABASE_URL of its (not yet existing) database `oms`."""
    binaries, user, port = _postgres_binaries(), _postgres_user(), free_port()
    with _folder(owner=user) as folder:
        data = folder / "data"
        # Nobody reads this data after the run, so nothing waits for the disk.
        fast = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        options += [*fast, "max_connections=200", "shared_buffers=256MB"]
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "oms", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        command = [binaries / "postgres", "-D", data, *(word for option in options for word in ("-c", option))]
        with _running(command, port=port, folder=folder, user=user):
            _wait_until_ready(f"postgres://oms@127.0.0.1:{port}/postgres")
            yield f"postgres://oms@127.0.0.1:{port}/oms"


def create_database(url):
    """Make the database that a DATABASE_URL of `postgres` names."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


@contextmanager
def redis(port=None):
    """Start a Redis of our own that keeps nothing on disk; give its REDIS_URL."""
    port = port or free_port()
    program = shutil.which("redis-server")
    if not program:
        raise NotFound("redis-server is not installed: apt-get install redis-server")
    command = [program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _folder() as folder, _running(command, port=port, folder=folder):
        yield f"redis://127.0.0.1:{port}/0"


def free_port():
    """Return a TCP port of the loopback that nobody listens on now."""
    with listening() as port:
        return port


@contextmanager
def listening():
    """Take a free TCP port of the loopback, and give its number, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _postgres_binaries():
    """Return the folder of the newest PostgreSQL's programs; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if program := shutil.which("initdb"):
        return Path(program).parent
    raise NotFound("PostgreSQL is not installed: apt-get install postgresql")


def _postgres_user():
    """PostgreSQL refuses to run as root: root starts it as the user that Debian made for it."""
    return "postgres" if os.getuid() == 0 else None


@contextmanager
def _folder(owner=None):
    folder = Path(tempfile.mkdtemp(prefix="oms-test-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command, *, port, folder, user=None):
    """Run a server until the block ends; its own process only, by its pid."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C is for the tests; the server ends after them
        )
    try:
        _wait_for(port, process, log=folder / "log")
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's SIGTERM would wait for its last client
        try:
            process.wait(STARTUP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port, process, *, log):
    for _ in range(STARTUP_S * 20):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} did not start:\n{log.read_text()}")


def _wait_until_ready(url):
    """PostgreSQL takes connections on its port, to refuse them, a moment before it is there."""
    for attempt in range(STARTUP_S * 20):
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if attempt == STARTUP_S * 20 - 1:
                raise
            time.sleep(0.05)
