import pytest

from tests import servers


@pytest.fixture
def client(make_partner, call_as, settings):
    settings.API_RATE = 3
    return call_as(make_partner())


def test_too_many_calls_are_told_when_to_come_back(client, time_machine):
    time_machine.move_to("2026-03-01T12:00:20Z", tick=False)
    codes = [client.get("/api/v1/webhooks").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = client.get("/api/v1/webhooks")
    assert answer["Retry-After"] == "40"
    assert answer["Content-Type"] == "application/problem+json"

    time_machine.move_to("2026-03-01T12:01:00Z", tick=False)
    assert client.get("/api/v1/webhooks").status_code == 200


def test_each_key_has_its_own_share(client, make_partner, call_as):
    for _ in range(4):
        client.get("/api/v1/webhooks")
    assert call_as(make_partner("OTHER")).get("/api/v1/webhooks").status_code == 200


def test_calls_are_answered_while_redis_is_away(client, settings):
    with servers.listening() as port:
        nobody = port
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{nobody}/0",
        }
    }
    assert [client.get("/api/v1/webhooks").status_code for _ in range(4)] == [200, 200, 200, 200]
