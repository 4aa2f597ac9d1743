from importlib import import_module
from pkgutil import iter_modules

from django.core.management.base import BaseCommand

from oms.management import bench as benches
from oms.management.bench.measure import Bench, scratch_database

NAMES = sorted(module.name for module in iter_modules(benches.__path__) if module.name.startswith("bench_"))


class Command(BaseCommand):
    help = "Measure one part of the system on a scratch database: speed, beside a baseline in the same run."

    def add_arguments(self, parser):
        parser.add_argument("name", choices=[name.removeprefix("bench_") for name in NAMES])
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
        parser.add_argument("--scale", type=float, default=1.0, help="how large, 1 being the size the README reports")

    def handle(self, *, name, json, scale, **options):
        bench = Bench(name)
        with scratch_database():
            import_module(f"{benches.__name__}.bench_{name}").run(bench, scale=scale)
        self.stdout.write(bench.as_json() if json else bench.as_text())
