"""Counting tries at a secret, so that it cannot be guessed."""

from django.core.cache import cache


def has_tries_left(key, *, most, per_s):
    """Count one more try at `key`; False when it is more than `most` within `per_s` seconds of the first.

    Each process counts for itself where the cache is not shared (no REDIS_URL).
    """
    cache.add(key, 0, per_s)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the time was over between the two calls
        return True


def forget_tries(key):
    """Give `key` all its tries back: somebody knew the secret."""
    cache.delete(key)
