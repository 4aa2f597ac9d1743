from inventory.imports.skus import Skus
from oms.lib.row_command import RowCommand


class Command(RowCommand):
    help = f"Make or change SKUs from a CSV file. Columns: {', '.join(Skus.known)}. Lists: CODE:pieces|CODE:pieces."

    def table(self, options):
        return Skus()
