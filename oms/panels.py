"""Which app adds which panel to the order page: dotted names of `panel(order, user)`.

A panel returns `{"title", "template", "context", "actions"}` or None, and only reads. Those of the
customer's page are `panel(order, reader)`, the reader saying dates and money as the customer reads
them; they return `{"title", "template", "context"}` or None, in the language that is active.
"""

ORDER_PANELS: list[str] = []

CUSTOMER_PANELS: list[str] = []
