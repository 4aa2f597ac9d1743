"""An order as partners see it: plain dicts, built by hand, as a serializer costs ten times the time."""

from datetime import UTC

PLAIN = (
    *("number", "external_id", "status", "payment_state", "fulfilment_state", "return_state", "is_held"),
    *("currency", "method", "email", "phone", "ship_to", "bill_to", "version"),
)
MOMENTS = ("ordered_at", "shipped_at", "cancel_requested_at")
COUNTERS = ("cancelled", "on_floor", "shipped", "delivered", "returned")


def order(row, lines, charges):
    """Return {field: value} of OrderOut."""
    found = {name: getattr(row, name) for name in PLAIN}
    found |= {name: moment(getattr(row, name)) for name in MOMENTS}
    found |= {name: amount(getattr(row, name)) for name in ("net", "tax", "gross")}
    found["channel"] = row.channel.code
    found["promised"] = moment(row.promised_current)
    found["lines"] = [line(each) for each in lines]
    found["charges"] = [charge(each) for each in charges]
    return found


def summary(row):
    """Return {field: value} of SummaryOut."""
    found = {name: getattr(row, name) for name in ("number", "status", "payment_state", "fulfilment_state", "version")}
    return found | {"gross": amount(row.gross), "promised": moment(row.promised_current)}


def line(row):
    found = {"id": row.pk, "sku": row.sku_code, "part_of": row.parent_id, "tax_rate": str(row.tax_rate.normalize())}
    found |= {name: getattr(row, name) for name in ("name", "external_id", "quantity", *COUNTERS)}
    return found | {name: amount(getattr(row, name)) for name in ("unit_price", "discount", "net", "tax", "gross")}


def charge(row):
    found = {"kind": row.kind, "name": row.name}
    return found | {name: amount(getattr(row, name)) for name in ("net", "tax", "gross")}


def amount(value):
    """Return money as text, without zeros beyond the cent."""
    return f"{value:.2f}" if value == round(value, 2) else f"{value:f}".rstrip("0")


def moment(value):
    """Return an aware moment as RFC 3339 in UTC, or None."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
