from django.core.management.base import BaseCommand
from tqdm import tqdm

from oms.management.demo import (
    catalogue,
    decisions,
    dropship,
    gathered,
    lives,
    moves,
    network,
    people,
    planning,
    purchasing,
    road,
    scarce,
    settled,
    sheet,
    shop,
    third_party,
    told,
    traced,
    trading,
    walks,
    waves,
)
from orders.models import Order


class Command(BaseCommand):
    help = "Make a merchant that looks real: goods, warehouses, staff, orders in every state."

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=int, default=500)

    def handle(self, *, orders, **options):
        prices = catalogue.make()
        channels = network.make(prices)
        if not Order.objects.exists():
            settled.settle(settled.OF_GOODS)
        with tqdm(total=orders, desc="Orders", unit="", disable=None) as bar:
            lives.make(channels, prices, count=orders, tick=bar.update)
        third_party.make(channels["WEB"], prices)
        purchasing.make(prices)
        dropship.make(channels["WEB"])
        traced.make(channels)
        moves.make()
        planning.make(channels["WEB"], prices)
        decisions.make(channels["WEB"], channels["PHONE"])
        scarce.make(channels["WEB"])
        gathered.make(channels["B2B"])
        road.make(channels["WEB"])
        shop.make(channels["WEB"])
        told.make()
        trading.make(channels["WEB"])
        walks.make()
        logins = people.make()
        sheet.make(channels["WEB"])
        waves.make()
        self._show(logins, people.make_keys())

    def _show(self, logins, keys):
        if logins:
            self.stdout.write("\nDemo logins (shown once; change a password with `manage.py changepassword NAME`):")
        for login, role, password in logins:
            self.stdout.write(f"  {login:8}  {password}  {role}")
        if keys:
            self.stdout.write("\nAPI keys (shown once):")
        for partner, key in keys:
            self.stdout.write(f"  {partner}: {key}")
