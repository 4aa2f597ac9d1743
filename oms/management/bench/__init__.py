"""Benches: what the system does in a second, measured beside a baseline in the same run.

Each is a module with `TITLE` and `run(bench)`, which adds figures to a `Bench`; the command is
`manage.py bench NAME [--json]`. They run on a scratch database beside the configured one.
"""
