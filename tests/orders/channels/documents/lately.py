"""The day on which the orders of documents were made: not long ago, whenever the tests run."""

from datetime import date, timedelta

# The last of a month: no number of a month, however it is written.
LATELY = date.today().replace(day=1) - timedelta(days=1)
