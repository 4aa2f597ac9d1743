"""Which app adds which panel to the order page: dotted names of `panel(order, user)`.

A panel returns `{"title", "template", "context", "actions"}` or None, and only reads.
"""

ORDER_PANELS: list[str] = []
