import re

from django.conf import settings

from orders.imports.csv_orders import COLUMNS
from tests.run import settings_variables

README = (settings.BASE_DIR / "README.md").read_text()


def test_the_table_has_every_variable_and_no_other():
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.M)) == settings_variables()


def test_every_make_target_it_names_is_there():
    targets = set(re.findall(r"^(\w+):", (settings.BASE_DIR / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake (\w+)", README)) <= targets


def test_it_names_every_column_of_an_order_import():
    section = README.split("## Orders from elsewhere")[1].split("\n## ")[0]
    columns = {column.removeprefix("bill_") for column in COLUMNS}
    assert columns <= set(re.findall(r"`(\w+)`", section))
