import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from oms.lib.csp import ContentPolicy


def policy(path):
    request = RequestFactory().get(path)
    return ContentPolicy(lambda request: HttpResponse())(request)["Content-Security-Policy"]


def test_our_own_pages_load_nothing_but_ours():
    assert "default-src 'self'" in policy("/o/token")
    assert "unsafe" not in policy("/o/token")


def test_the_console_may_run_what_unfold_needs_and_is_framed_by_nobody():
    assert "'unsafe-eval'" in policy("/admin/")
    assert "script-src 'self' 'unsafe-inline'" not in policy("/admin/")
    assert "frame-ancestors 'none'" in policy("/admin/")


@pytest.mark.django_db
def test_every_answer_carries_the_policy(client):
    assert "Content-Security-Policy" in client.get("/admin/login/")
