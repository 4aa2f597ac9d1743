"""The test's own database, for processes that a test starts."""

from django.db import connection


def url():
    """Return the DATABASE_URL of the database that this test uses; its rows must be committed to be seen."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
