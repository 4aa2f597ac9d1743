import os
import socket
from time import monotonic

from oms.outbox.models import Heartbeat

EVERY_S = 10
_next = 0.0


def beat():
    """Note, at most every ten seconds, that this worker is alive."""
    global _next
    if monotonic() < _next:
        return
    _next = monotonic() + EVERY_S
    Heartbeat.objects.beat(f"{socket.gethostname()}:{os.getpid()}")
