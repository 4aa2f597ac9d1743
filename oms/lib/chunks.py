from itertools import islice


def chunks(items, size):
    """Yield lists of at most `size` of `items`, whatever iterable they come from."""
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk
