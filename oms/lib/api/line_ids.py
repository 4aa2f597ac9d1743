from oms.lib.errors import Invalid


def line_ids(pieces, field):
    """Return {line id: pieces} of what JSON can only key by text; raises Invalid for keys that are no ids."""
    for key in pieces:
        if not (key.isascii() and key.isdigit() and len(key) < 18 and key == str(int(key))):
            raise Invalid("Name lines by their id.", field=f"{field}.{key[:20]}")
    return {int(key): count for key, count in pieces.items()}
