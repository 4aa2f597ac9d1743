from importlib import import_module
from pkgutil import iter_modules

from django.core.management.base import BaseCommand

from oms.lib.garbage import settle
from oms.management import bench as benches
from oms.management.bench.measure import Bench, scratch_database

NAMES = sorted(module.name for module in iter_modules(benches.__path__) if module.name.startswith("bench_"))


class Command(BaseCommand):
    help = "Measure one part of the system on a scratch database: speed, beside a baseline in the same run."

    def add_arguments(self, parser):
        """Give each bench a parser of its own; `add_arguments(parser)` of its module may add what OPTIONS names."""
        parsers = parser.add_subparsers(dest="name", required=True)
        for name in NAMES:
            module = import_module(f"{benches.__name__}.{name}")
            own = parsers.add_parser(name.removeprefix("bench_"), help=module.__doc__)
            own.add_argument("--json", action="store_true", help="one JSON object instead of a table")
            own.add_argument("--scale", type=float, default=1.0, help="how large, 1 being the size the README reports")
            if hasattr(module, "add_arguments"):
                module.add_arguments(own)

    def handle(self, *, name, json, scale, **options):
        module = import_module(f"{benches.__name__}.bench_{name}")
        names = getattr(module, "OPTIONS", ())
        bench = Bench(name)
        settle()  # as the web server and the worker do
        with scratch_database():
            module.run(bench, scale=scale, **{option: options[option] for option in names})
        self.stdout.write(bench.as_json() if json else bench.as_text())
