"""What a key may be allowed to do: `<resource>:<read or write>`."""

SCOPES = {
    "orders:read": "read orders",
    "orders:write": "create, change and cancel orders",
    "stock:read": "read SKUs, stock and availability",
    "stock:write": "adjust stock and report what lies at your locations",
    "fulfilment:read": "read fulfilment orders and parcels",
    "fulfilment:write": "acknowledge, reject, pick and ship fulfilment orders",
    "purchases:read": "read purchase orders you are to deliver",
    "purchases:write": "confirm days and announce shipments",
    "transfers:read": "read transfers and deliveries that come to you",
    "transfers:write": "confirm what arrived of transfers and deliveries",
    "returns:read": "read returns",
    "returns:write": "create returns",
    "documents:read": "download PDFs",
    "usage:read": "read how often you called, and which calls were refused",
    "webhooks:read": "read webhook endpoints and their deliveries",
    "webhooks:write": "create, change and delete webhook endpoints",
}

# What a program of each kind of partner needs: (words, scopes).
_EACH = {"documents:read", "stock:read", "usage:read", "webhooks:read", "webhooks:write"}
_FLOOR = {"fulfilment:read", "fulfilment:write"}
PRESETS = {
    "channel": ("a shop or marketplace", _EACH | {"orders:read", "orders:write", "returns:read", "returns:write"}),
    "3pl": ("a warehouse (3PL)", _EACH | _FLOOR | {"stock:write", "transfers:read", "transfers:write"}),
    "supplier": ("a supplier", _EACH | _FLOOR | {"purchases:read", "purchases:write"}),
    "reader": ("a program that only reads", {name for name in SCOPES if name.endswith(":read")}),
}
