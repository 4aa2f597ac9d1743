from tests.replay import replaying  # noqa: F401 (fixture)
