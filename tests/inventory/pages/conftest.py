import pytest
from django.contrib.auth.models import Permission, User

from tests.make import make_location, make_sku
from tests.replay import replayed


@pytest.fixture
def berlin(db):
    return make_location("BER", name="Berlin")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG", name="A mug", unit_cost=2)


@pytest.fixture
def log_in_with(client):
    """Return `log_in_with(*codenames)`: the client of staff with these permissions of inventory."""

    def log_in_with(*codenames):
        client.force_login(_make_staff(*codenames))
        return client

    return log_in_with


@replayed
def _make_staff(*codenames):
    user = User.objects.create_user("-".join(codenames) or "nobody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="inventory"))
    return user


@pytest.fixture
def worker(log_in_with):
    """The client of one who may do everything with stock."""
    return log_in_with("view_stocklevel", "view_sku", "receive_stock", "move_stock", "count_stock", "adjust_stock")


@pytest.fixture
def texts():
    """Return `texts(response)`: the messages that the next page shows."""

    def texts(response):
        return [str(message) for message in response.wsgi_request._messages]

    return texts
