from tests.inventory.conftest import refused  # noqa: F401 (fixture)
from tests.replay import replaying  # noqa: F401 (fixture)
