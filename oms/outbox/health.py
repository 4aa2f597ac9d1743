"""What a load balancer asks: is this process up, and can the whole do its work?"""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from oms.outbox.models import Heartbeat

# A worker beats between two deliveries, and the longest of them is stopped after three minutes.
SILENCE = timedelta(minutes=5)


@never_cache
def healthz(request):
    """Say that this process answers; nothing else is asked, so that a slow database restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """Say what is missing for work, as {check: "ok" or what to do}: 200 when nothing is, else 503."""
    try:
        checks = {"database": "ok", "migrations": _migrations(), "worker": _worker()}
    except DatabaseError:
        checks = {"database": "cannot be reached: see DATABASE_URL"}
    is_ready = set(checks.values()) == {"ok"}
    return JsonResponse(checks, status=200 if is_ready else 503)


def _migrations():
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} to apply: run manage.py migrate" if missing else "ok"


def _worker():
    if Heartbeat.objects.alive(timezone.now(), within=SILENCE).exists():
        return "ok"
    return f"none seen for {SILENCE.seconds // 60} minutes: start manage.py worker, or celery -A oms worker"
