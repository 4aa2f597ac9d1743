from copy import deepcopy

import pytest

from tests.fulfilment.fake_easypost import KEY
from tests.fulfilment.fake_easypost import easypost as serve
from tests.replay import replaying  # noqa: F401 (fixture)


@pytest.fixture
def easypost(settings):
    """EasyPost on this machine, known by a key to the carrier EP; gives its FakeEasyPost."""
    with serve() as (fake, url):
        settings.WEBHOOK_ALLOW = [url.removeprefix("http://")]
        settings.CARRIER_KEYS = {"ep": KEY}
        carriers = deepcopy(settings.CARRIERS)
        carriers["easypost"]["OPTIONS"] = {"url": url, "timeout_s": 20}
        settings.CARRIERS = carriers
        yield fake
