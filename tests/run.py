"""Everything CI checks: `python -m tests.run [--static] [words for pytest]`.

First what needs no test, beside the migrations of a PostgreSQL of our own (each worker's database is a copy of that);
then pytest on SQLite, last pytest on PostgreSQL and a Redis, there without what the run on SQLite has said (see
conftest); the last line is pytest's. What the shell's environment
says about databases is not listened to.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
APPS = ["oms", "inventory", "orders", "fulfilment", "returns"]
# Algorithms and plug-ins carry types; mypy reads these rooms and what they import.
TYPED = ["sourcing", "promise", "tax", "routing", "packing", "rating", "forecasting", "valuation"]
TYPED += ["channels", "gateways", "accounting", "carriers"]
# Three workers for two cores, as tests wait for browsers and servers a sixth of their time.
PYTEST = ["pytest", "-n", "3", "--dist", "worksteal", "--create-db", "--durations", "5"]


def main(*words):
    environment = isolated(os.environ)
    if "OMS_SOAK" not in environment:
        environment["OMS_TWO_RUNS"] = "1"
    if "--static" in words:
        return check(environment)
    with servers.postgres() as database, servers.redis() as broker:
        urls = environment | {"DATABASE_URL": database, "REDIS_URL": broker}
        servers.create_database(database)
        migrating = start("manage.py", "migrate", "--verbosity", "0", env=urls)
        check(environment)
        if migrating.wait():
            sys.exit("Failed: migrations on PostgreSQL")
        sqlite = run("tests on SQLite", *PYTEST, *words, env=environment)
        if not sqlite:
            print("The tests failed on SQLite, see above.", flush=True)
        postgres = run("tests on PostgreSQL and Redis", *PYTEST, *words, env=urls | {"OMS_TEMPLATE": "oms"})
    sys.exit(0 if sqlite and postgres else 1)


def isolated(environment):
    """Return `environment` without any variable our settings read, so that every machine tests the same.

    And compiled code is kept: the tests start many processes.
    """
    own = {"SECRET_KEY": "only-for-tests", "DEBUG": "0"}
    left_out = settings_variables() | {"PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in environment.items() if name not in left_out} | own


def settings_variables():
    """Return the names of the environment variables that oms/settings.py reads."""
    return set(re.findall(r'\benv(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "oms/settings.py").read_text()))


def check(environment):
    """Check what needs no test, and exit when something is wrong."""
    failed = [step[0] for step in static_checks() if not run(*step, env=environment)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def static_checks():
    """Return [(title, command word, ...)] of what is checked without running a test."""
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    typed = [str(room) for app in APPS for name in TYPED if (room := ROOT / app / name).is_dir()]
    return [
        ("ruff check", "ruff", "check", "--quiet", "."),
        ("ruff format", "ruff", "format", "--check", "--quiet", "."),
        *([("djade", "djade", "--check", "--target-version", "5.2", *templates)] if templates else []),
        ("import contracts", "lint-imports", "--no-logo"),
        *([("mypy", "mypy", *typed)] if typed else []),
        ("migrations", "manage.py", "makemigrations", "--check", "--dry-run"),
    ]


def run(title, program, *words, env):
    """Run manage.py or a program of this Python's environment, and say whether it went well."""
    print(f"== {title}", flush=True)
    return start(program, *words, env=env).wait() == 0


def start(program, *words, env):
    command = [sys.executable, program] if program == "manage.py" else [Path(sys.executable).parent / program]
    return subprocess.Popen([*command, *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # and the servers with it
    main(*sys.argv[1:])
