"""Partners and their API clients."""

import pytest
from rest_framework.test import APIClient

from oms.partners import authentication, usage
from oms.partners.authentication import forget_keys
from oms.partners.models import Partner
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from tests.replay import replayed


@pytest.fixture(autouse=True)
def no_kept_keys(monkeypatch):
    """Rows of another test are gone, what was kept of them must be too; ours stay kept."""
    forget_keys()
    usage.forget()
    monkeypatch.setattr(usage, "_flush_later", lambda: None)  # no thread writes into a test, nor after it
    monkeypatch.setattr(authentication, "monotonic", lambda: 0.0)
    yield
    usage.forget()


@pytest.fixture
def make_partner(db):
    """Return `make_partner(code)`: a partner."""

    @replayed
    def make(code="ACME"):
        return Partner.objects.create(code=code, name=code.title())

    return make


@pytest.fixture
def call_as(db):
    """Return `call_as(partner, scopes)`: an API client with a key of the partner, all scopes by default."""

    def call_as(partner, scopes=tuple(SCOPES)):
        _, key = create_key(partner, name="shop", scopes=scopes)
        return APIClient(headers={"Authorization": f"Bearer {key}"})

    return call_as
