"""Makers of rate cards, as somebody would put them in."""

import json
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from fulfilment.services.publish_rates import publish_rates


def uploaded(document, name="card.json"):
    return SimpleUploadedFile(name, json.dumps(document).encode())


def publish(carrier, document=None, *, file=None, **fields):
    """Publish `document`, or `file`, as the carrier's card "Parcels"; returns the RateCard."""
    fields = {"name": "Parcels", "currency": "EUR", "valid_from": date(2026, 1, 1)} | fields
    return publish_rates(file or uploaded(document), carrier=carrier, **fields)
