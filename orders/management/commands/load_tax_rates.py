from django.core.management.base import BaseCommand

from orders.services import tax_table


class Command(BaseCommand):
    help = "Fill the tax table with the VAT of the EU and its neighbours and the sales tax of US states."

    def handle(self, **options):
        self.stdout.write(f"{tax_table.load()} rates added.")
