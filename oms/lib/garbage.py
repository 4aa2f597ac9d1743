"""A process that lives long does not look through its own code for garbage."""

import gc


def settle():
    """Call once all is loaded: who looks for garbage looks at what came since. A tenth of a page's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
