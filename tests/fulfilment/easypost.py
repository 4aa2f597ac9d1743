"""EasyPost's webhooks as it sends them, of what happens in a test."""

import hashlib
import hmac
import json


def detail(status, at, message="Scanned", city="LEIPZIG"):
    """One entry of a tracker's history; `at` as ISO text."""
    where = {"object": "TrackingLocation", "city": city, "state": None, "country": "DE", "zip": None}
    said = {"object": "TrackingDetail", "status": status, "datetime": at, "message": message}
    return said | {"source": "DHL", "tracking_location": where}


def tracker(*details, **fields):
    """A tracker of parcel JD1 with its history so far."""
    found = {"object": "Tracker", "id": "trk_1", "tracking_code": "JD1", "carrier": "DHL", "status": "unknown"}
    found |= {"updated_at": "2026-03-05T12:00:00Z", "tracking_details": list(details)}
    return found | ({"status": details[-1]["status"]} if details else {}) | fields


def webhook(result, identity="evt_1", description="tracker.updated"):
    """The body of the webhook that tells of `result`."""
    event = {"object": "Event", "id": identity, "description": description, "mode": "production"}
    return json.dumps(event | {"result": result, "previous_attributes": {}}).encode()


def signed(body, secret):
    """The header that EasyPost signs `body` with."""
    return {"X-Hmac-Signature": "hmac-sha256-hex=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
