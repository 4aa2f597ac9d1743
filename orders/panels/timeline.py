from orders.services.history import entries

MOST_SHOWN = 100


def timeline(order, user):
    """All that happened to the order, newest first."""
    found = entries(order, most=MOST_SHOWN + 1)
    context = {"entries": found[:MOST_SHOWN], "is_cut": len(found) > MOST_SHOWN}
    return {"title": "Timeline", "template": "orders/console/panels/timeline.html", "context": context}
