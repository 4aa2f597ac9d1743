import json

from django.core.management.base import BaseCommand, CommandError

from orders.models import Channel, SourcingStrategy
from orders.services.compare_strategies import MOST_ORDERS, STOCKS, compare, past_orders
from orders.services.network import as_strategy, strategy_of

FIGURES = ("orders", "cost", "shipping", "handling", "parcels", "split", "late", "mean_days", "missing")


class Command(BaseCommand):
    help = "Source a channel's past orders by two strategies, side by side: a dry run that writes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--channel", required=True, help="its code")
        parser.add_argument("--a", help="name of a strategy; left out: what is live on the channel")
        parser.add_argument("--b", required=True, help="name of the strategy to try")
        parser.add_argument("--orders", type=int, default=1000, help=f"the last so many, at most {MOST_ORDERS}")
        parser.add_argument("--days", type=int, help="only orders of the last so many days")
        parser.add_argument("--stock", choices=STOCKS, default="then", help=str(STOCKS))
        parser.add_argument("--json", action="store_true", help="write the figures as JSON")

    def handle(self, *, channel, a, b, orders, days, stock, **options):
        found = Channel.objects.filter(code__iexact=channel).first()
        if found is None:
            raise CommandError(f"There is no channel {channel}.")
        strategies = strategy_of(found) if a is None else _named(a), _named(b)
        order_ids = past_orders(found, most=orders, days=days)
        result = compare(order_ids, *strategies, stock=stock, progress=self._progress(len(order_ids)))
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json()))
        else:
            self._show(result)

    def _progress(self, total):
        return lambda done: self.stderr.write(f"{done} of {total} orders")

    def _show(self, found):
        self.stdout.write(f"{'':12}{found.a.name:>24}{found.b.name:>24}")
        one, two = (found.as_json()[side] for side in "ab")
        rows = [(name, one[name], two[name]) for name in FIGURES] + found.places
        for name, a, b in rows:
            self.stdout.write(f"{name:12}{a:>24}{b:>24}")
        numbers = ", ".join(difference.order.number for difference in found.shown[-20:])
        self.stdout.write(f"{found.differing} orders differ{': ' + numbers if numbers else ''}")


def _named(name):
    row = SourcingStrategy.objects.filter(name__iexact=name).first()
    if row is None:
        raise CommandError(f"There is no strategy {name}.")
    return as_strategy(row)
