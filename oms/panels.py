"""Which app adds which panel to the order page: dotted names of `panel(order, user)`, in the order they stand.

A panel only reads, and returns None where it has nothing to show, or a dict:

`title`, `template`, `context`   the template gets the context, `order` and the request's own
`place`      "main" (default) or "side"
`actions`    what can be done now: [{"label", "url", "key", "icon", "tone": "" | "primary" | "danger", "dialog"}];
             `dialog` True opens the page behind `url` above this one; `copies` instead of `url` is a text to copy
`headline`   what must be seen without scrolling: [{"label", "text", "url" or "copies"}]

One that fails is shown as such and leaves the rest of the page alone.

Those of the customer's page are `panel(order, reader)`, the reader saying dates and money as the customer
reads them; they return `{"title", "template", "context"}` or None, in the language that is active.

What stands beside the code on a packing slip, by which its customer sends goods back, are
`note(order, reader, moment)`: a sentence in the reader's language, or ""; the parcel leaves at `moment`.
"""

ORDER_PANELS: list[str] = [
    "orders.panels.order.lines",
    "orders.panels.gathering.gathering",
    "fulfilment.panels.parcels",
    "fulfilment.panels.work",
    "orders.panels.payments.payments",
    "orders.panels.account.credits",
    "returns.panels.returns",
    "orders.panels.papers.papers",
    "orders.panels.order.sourcing",
    "orders.panels.timeline.timeline",
    "orders.panels.shortage.shortage",
    "orders.panels.customer.customer",
    "orders.panels.order.addresses",
    "fulfilment.panels.address_check",
    "orders.panels.order.marks",
]

# Who waits for a SKU, which the goods' own pages may say: `who_waits(sku id)` -> {"pieces", "orders"}.
WHO_WAITS = "orders.services.waiting.who_waits"
# The same of many SKUs with their orders: `orders_waiting(sku ids)` -> {sku id: {"pieces", "orders": [(pk, number)]}}.
ORDERS_WAITING = "orders.services.waiting.orders_waiting"
# What is reserved for orders that cannot be packed now: `kept_back(location, sku ids)` -> {sku id: pieces}.
KEPT_BACK = "orders.services.waiting.kept_back"
# How full the day of a location is: `taken(location, now=)` -> orders that it begins on the day of such an order.
ORDERS_OF_THE_DAY = "orders.services.capacity.taken"

# Who got a lot, or a piece with a number: `sent_to(order ids, Lot or Serial)` -> {order id: order, parcels}, and
# `came_back(order ids, sku id)` -> {order id: [returns]}.
SENT_TO = "fulfilment.services.sent_to.sent_to"
CAME_BACK = "returns.services.came_back.came_back"

# What pickers are to take: `planned_pieces(location, sku ids)` -> Counter {(sku id, bin id): pieces}.
PLANNED_PIECES = "fulfilment.services.plan_bins.planned_pieces"
# The same by lot: `planned_lots(location, sku ids)` -> Counter {(sku id, bin id, lot id or None): pieces}.
PLANNED_LOTS = "fulfilment.services.plan_bins.planned_lots"
# Who we are to those we buy from: `company()` -> {"name", "vat_id", "address", "email", "phone", "currency"}; and
# `home_rate(currency, home)` -> home currency for one unit of `currency` today, or None where nobody entered it.
COMPANY = "orders.services.company.company"
HOME_RATE = "orders.services.company.home_rate"

# What customers order: `weekly_demand(sku ids, since=, until=)` -> {(sku id, location id, Monday): pieces}, and
# `pieces_waited_for(sku ids)` -> {(sku id, location id or None): pieces}.
WEEKLY_DEMAND = "orders.services.demand.weekly_demand"
WAITED_FOR = "orders.services.demand.pieces_waited_for"

CUSTOMER_PANELS: list[str] = [
    "orders.panels.shortage.customer_choice",
    "fulfilment.panels.customer_parcels",
    "returns.panels.customer_returns",
]

SLIP_NOTES: list[str] = [
    "returns.panels.slip_note",
]
