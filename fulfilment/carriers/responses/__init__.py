"""What carriers answer, read without a database: one small reader for each, behind the table in registry.py."""
