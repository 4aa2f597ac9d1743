"""What runs when: (dotted name of a function without arguments, every so many seconds).

Either kind of worker runs it; a row of `ScheduledRun` makes one run a period, however many workers.
"""

SCHEDULE: list[tuple[str, int]] = []
