from contextlib import contextmanager

from celery import current_app

from oms.outbox import bell


@contextmanager
def broker_at(url):
    """Let this process send its tasks to `url` until the block ends."""
    before = current_app.conf.broker_url, current_app.conf.broker_transport
    _connect(url, None)
    try:
        yield
    finally:
        _connect(*before)


def _connect(url, transport):
    current_app.conf.broker_url = current_app.conf.broker_write_url = url
    current_app.conf.broker_transport = transport
    current_app.amqp._producer_pool = None
    current_app._pool = None
    bell._silent_until = 0.0
