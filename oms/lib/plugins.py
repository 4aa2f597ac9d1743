from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


def load(registry, alias):
    """Return the plug-in `alias` of a registry such as settings.CARRIERS, built with its OPTIONS."""
    try:
        entry = registry[alias]
    except KeyError:
        raise ImproperlyConfigured(f"No plug-in {alias!r}; known: {sorted(registry)}.") from None
    return import_string(entry["BACKEND"])(**entry.get("OPTIONS", {}))


@cache
def named(path):
    """Return what the dotted name `path` stands for."""
    return import_string(path)
