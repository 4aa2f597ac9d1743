from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory):
    """Plain static files (a manifest breaks `live_server`), a fast hash, files in a folder of ours."""
    with override_settings(
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another one cached: ids repeat from test to test, so a stale hit looks right."""
    cache.clear()


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
