"""Orders out of files: readers for each format, a writer of historic orders, a runner of live ones.

`run.import_orders()` is the way in. A format turns rows into records (pure, no database); rows are
grouped by order on disk, so that neither the file's order nor its size matters.
"""
