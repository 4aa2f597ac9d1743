from copy import deepcopy

import pytest

from tests.fulfilment import fake_easypost, fake_karrio
from tests.replay import replaying  # noqa: F401 (fixture)


@pytest.fixture
def easypost(settings):
    """EasyPost on this machine, known by a key to the carrier EP; gives its FakeEasyPost."""
    with fake_easypost.easypost() as (fake, url):
        set_up(settings, "easypost", url, {"ep": fake_easypost.KEY})
        yield fake


@pytest.fixture
def karrio(settings):
    """Karrio on this machine, known by a key to the carrier KA; gives its FakeKarrio."""
    with fake_karrio.karrio() as (fake, url):
        set_up(settings, "karrio", url, {"ka": fake_karrio.KEY})
        yield fake


def set_up(settings, alias, url, keys):
    """Let a plug-in ask at `url`, with keys by carrier."""
    settings.WEBHOOK_ALLOW = [*settings.WEBHOOK_ALLOW, url.removeprefix("http://")]
    settings.CARRIER_KEYS = settings.CARRIER_KEYS | keys
    carriers = deepcopy(settings.CARRIERS)
    carriers[alias]["OPTIONS"] = {"url": url, "timeout_s": 20}
    settings.CARRIERS = carriers
