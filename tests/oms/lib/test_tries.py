import time_machine

from oms.lib.tries import forget_tries, has_tries_left


def test_tries_end_and_come_back_with_time(settings):
    # Redis has a clock of its own, which nobody can turn.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tries"}}
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
        assert [has_tries_left("a", most=2, per_s=60) for _ in range(4)] == [True, True, False, False]
        assert has_tries_left("b", most=2, per_s=60), "each key has its own"
        clock.shift(61)
        assert has_tries_left("a", most=2, per_s=60)


def test_forgotten_tries_are_all_there_again():
    for _ in range(5):
        has_tries_left("a", most=2, per_s=60)
    forget_tries("a")
    assert has_tries_left("a", most=2, per_s=60)
