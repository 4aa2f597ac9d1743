import pytest

from oms import roles
from tests.make import make_user


@pytest.fixture
def cs(client):
    """A logged-in browser of customer service; `cs.user` is who sits there."""
    client.user = make_user(roles.CS, first_name="Anna", last_name="Berg")
    client.force_login(client.user)
    return client


@pytest.fixture
def said():
    """Return `said(response)`: the messages of the page that a response ends on, as text."""

    def said(response):
        return [str(message) for message in response.context["messages"]]

    return said
