"""Structured logs: one event a line, JSON in production, with the order's number and the request's id."""

import re
import uuid
from contextlib import contextmanager

import structlog
from django_structlog.middlewares import RequestMiddleware

bind = structlog.contextvars.bind_contextvars


@contextmanager
def scope():
    """Forget on leaving what `bind(order=7)` inside put on the log lines, and what it had covered."""
    outside = structlog.contextvars.get_contextvars()
    try:
        yield
    finally:
        structlog.contextvars.clear_contextvars()
        bind(**outside)


def config(*, debug):
    """Set structlog up and return the `LOGGING` that writes its lines and everybody else's alike."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    if not debug:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # Django's own handlers would write each line a second time, in another form.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # One line a request is enough: RequestLog's says the same, who asked, and no customer's link.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Each task says itself when it starts and ends; these would say it again.
            "celery.app.trace": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }


class RequestLog(RequestMiddleware):
    """One line a request, without what must not be kept: queries (names, phones) and customers' links."""

    @staticmethod
    def format_request(request):
        path, match = request.path, request.resolver_match
        token = match.kwargs.get("token") if match else None
        return f"{request.method} {path.replace(token, '...') if token else path}"


class RequestId:
    """Give each request an id, the caller's own when it is a sane one, and send it back.

    It stands in every log line of the request; support finds them by it.
    """

    SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not self.SANE.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META["HTTP_X_REQUEST_ID"] = str(uuid.uuid4())
        response = self.get_response(request)
        response["X-Request-Id"] = request.META["HTTP_X_REQUEST_ID"]
        return response
