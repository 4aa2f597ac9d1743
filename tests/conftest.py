import os
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

import pytest
import structlog
from django.conf import settings
from django.core.cache import cache as django_cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from oms.lib import pdf
from oms.lib.garbage import settle
from orders.services.network import forget_network
from orders.services.pricing import forget_rates
from tests import proofs
from tests.deliver import deliver
from tests.emptied import empty_again, fill_kept
from tests.partner_fixtures import call_as, make_partner, no_kept_keys  # noqa: F401 (fixtures)

# A busy machine is slow to make examples; that says nothing about the code.
hypothesis_settings.register_profile("oms", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("oms")


# What people see, and what channels send, stands on services that PostgreSQL is asked about, and those of the floor and
# of returns on stock and orders: of them it is asked what locks do.
SEEN = {"browser", "pages", "console", "admin", "documents", "doctor", "imports", "customer"}
SEEN |= {"test_emails.py", "test_pages.py", "test_admin.py", "test_customer.py", "test_customer_panel.py"}
SEEN |= {"test_home.py", "test_readme_api.py", "test_url_matrix.py"}
SEEN |= {"test_documents_shuffled.py", "test_poll_channel.py", "test_amazon.py"}
# Each shop's whole traffic, and a buyer's whole walk, are asked of both.
SEEN |= {"test_tell_order.py", "test_tell_channels.py", "test_follow_order.py"}
SEEN |= {"test_replenish.py", "test_pool_service.py"}
ABOVE = {"fulfilment", "returns"}


def pytest_collection_modifyitems(config, items):
    """In `make test` PostgreSQL leaves out what the run on SQLite has said; `make soak` leaves out nothing."""
    for item in items:
        if ".browser." in item.module.__name__:
            item.add_marker("browser")
    if connection.vendor == "postgresql" and "OMS_TWO_RUNS" in os.environ:
        said = {item for item in items if is_said(item)}
        config.hook.pytest_deselected(items=said)
        items[:] = [item for item in items if item not in said]
    # The longest come first: one that begins last is waited for by all workers but one.
    items.sort(key=lambda item: not item.get_closest_marker("soak"))


def is_said(item):
    """Say whether PostgreSQL would only say of a test what SQLite has said."""
    folders = set(item.path.parts)
    if not uses_database(item) or item.get_closest_marker("papers") or SEEN & folders:
        return True
    is_about_locks = item.get_closest_marker("race") or "assert_locks" in item.fixturenames
    is_variant = is_no_first(item) and not item.get_closest_marker("sql")
    return (bool(ABOVE & folders) or is_variant) and not is_about_locks


def is_no_first(item):
    """Say whether a test is one of several that differ in their parameters only, but for the first of them."""
    return any(callspec.indices.values()) if (callspec := getattr(item, "callspec", None)) else False


def pytest_collection_finish():
    settle()


def uses_database(item):
    """Say whether a test asks for a database, by its mark or by a fixture."""
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """Only on a PostgreSQL without a migrated database to copy.

    On SQLite tables are made from the models, which `makemigrations --check` says are the same.
    """
    return connection.vendor != "sqlite" and "OMS_TEMPLATE" not in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Nobody reads this data after the run, so nothing waits for the disk; what is migrated already is copied."""
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    elif template := os.environ.get("OMS_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def quick_flush():
    """Leave what `migrate` and `sync_roles` wrote after a test that commits: to write that again takes longest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_again)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database as after `migrate` and with the roles, which to make takes longer than most tests."""
    settings.MIGRATION_MODULES = {}  # as it was: the server asks which are missing
    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        for migration in MigrationLoader(None).disk_migrations.keys() - recorder.applied_migrations().keys():
            recorder.record_applied(*migration)
        fill_kept()


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory):
    """Plain static files (a manifest breaks `live_server`), a fast hash, files and cache of our own."""
    with override_settings(
        CACHES={"default": _cache()},
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        EDI_ROOT=tmp_path_factory.mktemp("edi"),
        EDI_QUIET_S=0,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


def _cache():
    """Redis where there is one, but not the database of the broker or of another of xdist's workers."""
    cache = settings.CACHES["default"]
    if settings.REDIS_URL:
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
        cache = cache | {"LOCATION": urlsplit(settings.REDIS_URL)._replace(path=f"/{number}").geturl()}
    return cache


@pytest.fixture(autouse=True)
def nothing_left_over():
    """No test sees what another one cached (ids repeat, so a stale hit looks right) or bound to the log."""
    django_cache.clear()
    structlog.contextvars.clear_contextvars()
    forget_network()
    forget_rates()


@pytest.fixture(autouse=True)
def doctor_finds_nothing(request):
    """Every test that used the database leaves it sound, but for the checks its mark `corrupt` names."""
    corrupt = request.node.get_closest_marker("corrupt")
    if not uses_database(request.node) or (corrupt and not corrupt.args):
        yield
        return
    request.getfixturevalue("_django_db_helper")  # so that its rows are still there when we look
    with proofs.watch() as violations:
        yield
        if not connection.needs_rollback:
            ignored = corrupt.args if corrupt else ()
            assert [violation for violation in violations() if violation.check not in ignored] == []


@pytest.fixture(autouse=True)
def blank_papers(request, monkeypatch):
    """Lay papers out only for tests that look at them (mark `papers`): it costs more than all else a test does.

    Their templates are rendered all the same.
    """
    if not request.node.get_closest_marker("papers"):
        monkeypatch.setattr(pdf, "lay_out", lambda source, styles: _blank_pdf())


@cache
def _blank_pdf():
    return pdf.weasyprint().HTML(string="").write_pdf()


@pytest.fixture
def assert_locks():
    """Assert that a block locks exactly these tables, in this order, several rows always by pk.

    It reads the SQL because a missing lock, or its missing order, hardly ever shows in a test.
    """
    if not connection.features.has_select_for_update:
        pytest.skip("This database locks as a whole.")

    @contextmanager
    def check(*tables):
        with CaptureQueriesContext(connection) as queries:
            yield
        locks = [query["sql"] for query in queries.captured_queries if "FOR UPDATE" in query["sql"]]
        assert [sql.split('FROM "')[1].split('"')[0] for sql in locks] == list(tables)
        assert all("ORDER BY" in sql or "LIMIT 21" in sql for sql in locks)

    return check


@pytest.fixture
def run_worker(db):
    """Return `run_worker()`: run all deliveries that are due, and those due because of them."""
    return deliver


@pytest.fixture
def sized():
    """Return `sized(small, full)`: the full size in `make soak`, the small one in `make test`."""
    return lambda small, full: full if os.environ.get("OMS_SOAK") == "1" else small
