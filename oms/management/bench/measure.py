"""What benches share: a scratch database, clocks, and the report."""

import json
import os
import platform
import resource
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from oms.partners import usage


@dataclass
class Bench:
    """The report of one bench: figures (name: number, the unit in the name) and, where there are, instances."""

    name: str
    figures: dict = field(default_factory=dict)
    instances: list = field(default_factory=list)

    def add(self, **figures):
        """Add figures, rounded to what the clock can tell."""
        self.figures |= {
            name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()
        }

    def instance(self, name, value, *, ms, reference=None):
        """Add one instance: its result, the known or baseline result, and what it took."""
        row = {"name": name, "value": value, "ms": round(ms, 3)}
        self.instances.append(row | ({"reference": reference} if reference is not None else {}))

    def as_json(self):
        """Return the report as one JSON object."""
        report = {"bench": self.name, "machine": machine(), "figures": self.figures}
        return json.dumps(report | ({"instances": self.instances} if self.instances else {}), indent=2)

    def as_text(self):
        """Return the report for people."""
        width = max(map(len, [*self.figures, *(row["name"] for row in self.instances)]), default=0)
        lines = [f"{name:{width}}  {value}" for name, value in self.figures.items()]
        lines += [f"{row['name']:{width}}  {row['value']}  ({row['ms']} ms)" for row in self.instances]
        return "\n".join([self.name, *lines])


def machine():
    """Return what the figures were measured on, and how fast it was: milliseconds of one hour are not another's."""
    return {
        "loop_ms": round(median_ms(lambda: sum(i * i for i in range(500_000)), runs=5), 1),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "database": connection.vendor,
    }


@contextmanager
def scratch_database():
    """Run on an empty database of our own beside the configured one, dropped at the end with all files made.

    E-mails go nowhere.
    """
    creation, name = connection.creation, connection.settings_dict["NAME"]
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    nowhere = "django.core.mail.backends.dummy.EmailBackend"
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # needs no collectstatic
    storages = settings.STORAGES | {"staticfiles": static}
    try:
        with (
            TemporaryDirectory() as files,
            override_settings(EMAIL_BACKEND=nowhere, MEDIA_ROOT=files, STORAGES=storages),
        ):
            yield
    finally:
        usage.forget()  # calls of partners who go with the database
        creation.destroy_test_db(name, verbosity=0)


class Clock:
    """What a block takes each time, in milliseconds: by the wall, and of the processor where others are at work too."""

    def __init__(self):
        self.wall, self.cpu = [], []

    def __enter__(self):
        self.began = time.perf_counter(), time.process_time()

    def __exit__(self, *error):
        self.wall.append((time.perf_counter() - self.began[0]) * 1000)
        self.cpu.append((time.process_time() - self.began[1]) * 1000)

    def medians(self, functions, rounds=3):
        """Call all `functions` in so many rounds and keep each one's median: the machine's pauses are not theirs.

        Returns what they returned.
        """
        clocks = [Clock() for _ in range(rounds)]
        for clock in clocks:
            found = []
            for function in functions:
                with clock:
                    found.append(function())
        self.wall += np.median([clock.wall for clock in clocks], axis=0).tolist()
        self.cpu += np.median([clock.cpu for clock in clocks], axis=0).tolist()
        return found

    def percentile(self, rank):
        return float(np.percentile(self.wall, rank))

    def figures(self, name):
        """Return {name with its unit: milliseconds}."""
        wall = {f"{name}_ms_p{rank}": self.percentile(rank) for rank in (50, 99)}
        return wall | {f"{name}_cpu_ms_p{rank}": float(np.percentile(self.cpu, rank)) for rank in (50, 99)}


def median_ms(function, runs):
    """Return the median wall time of `runs` calls of `function`, in milliseconds."""
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def in_turn(rounds, **measures):
    """Call each of `measures` with the number of the round, in turn, so that a slow minute of the machine slows all.

    Returns {name: array of what it returned, a row a round}.
    """
    found = {name: [] for name in measures}
    for number in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure(number))
    return {name: np.array(rows) for name, rows in found.items()}


@contextmanager
def cpu_ms():
    """Yield a list that holds, after the block, the CPU milliseconds that this process spent in it."""
    spent = []
    start = time.process_time()
    yield spent
    spent.append((time.process_time() - start) * 1000)


def peak_mb():
    """Return the most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_mb():
    """Return what this process holds now, in MB, from /proc."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
