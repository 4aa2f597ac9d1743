import pytest
from django.contrib.auth.models import Permission

from tests.make import make_location
from tests.replay import replayed

LEAD = ["release_fulfilmentorder", "stop_fulfilmentorder", "unship_parcel", "add_manifest"]
PICKER = ["view_fulfilmentorder", "view_picklist", "view_picktask", "change_picktask"]
PACKER = ["view_fulfilmentorder", "view_picklist", "view_parcel", "pack_parcel", "ship_parcel"]
STORE = [*PICKER, *PACKER, "collect_fulfilmentorder"]


@pytest.fixture
def staff(django_user_model, db):
    """Return `staff(*codenames)`: somebody with these permissions of the floor."""

    @replayed
    def staff(*codenames, username="ann"):
        user = django_user_model.objects.create_user(username, password="x", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return user

    return staff


@pytest.fixture
def enter(client, staff):
    """Return `enter(codenames)`: a client logged in with these permissions."""

    def enter(codenames):
        client.force_login(staff(*codenames))
        return client

    return enter


@pytest.fixture
def place():
    """The one location there is, so nobody need choose it."""
    return make_location("BER", name="Berlin", tz="Europe/Berlin")


def text(response):
    """Return the page's text on one line."""
    return " ".join(response.content.decode().split())
