"""What an order waits for whose pieces are brought to one location: for CS, who need do nothing."""

from orders.models import Gathering


def gathering(order, user):
    """Which transfers bring what is missing, where they stand and when they come; nothing where nothing is gathered."""
    found = Gathering.objects.open().filter(order=order).select_related("location").first()
    if found is None:
        return None
    transfers = list(found.transfers.select_related("source").prefetch_related("lines__sku").order_by("pk"))
    days = [transfer.expected_on for transfer in transfers if transfer.expected_on]
    brings = f"{', '.join(map(str, transfers))} to {found.location.code}"
    when = f", {max(days):%-d %b}" if days else ""
    return {
        "title": "Gathered into one parcel",
        "template": "orders/console/panels/gathering.html",
        "context": {
            "gathering": found,
            "transfers": transfers,
            "currency": order.channel.seller.home_currency,
            "may_open": user.has_perm("inventory.view_transfer"),
        },
        "headline": [{"label": "Waits for", "text": f"{brings}{when}"}],
    }
