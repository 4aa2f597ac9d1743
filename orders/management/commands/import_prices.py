from oms.lib.row_command import RowCommand
from orders.imports.prices import Prices


class Command(RowCommand):
    help = f"Set what channels ask for SKUs from a CSV file. Columns: {', '.join(Prices.known)}."

    def table(self, options):
        return Prices()
