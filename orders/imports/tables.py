"""The tables of an import on disk."""

from oms.lib import csv
from oms.lib.errors import Invalid


def read_table(path, *, required, known=()):
    """Yield (line number, {column: text}, problem) of a .csv, .gz or .xz file, see `oms.lib.csv.Reader`.

    Raises Invalid when the file cannot be opened or lacks one of the `required` columns.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}.", field="file") from None
    with file:
        yield from csv.Reader(file, name=path.name, required=required, known=known)
