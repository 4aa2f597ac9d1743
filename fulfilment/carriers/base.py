from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


class CarrierError(Exception):
    """The carrier refused or could not be reached; `retry` says whether a later try can succeed."""

    def __init__(self, message: str, *, retry: bool):
        super().__init__(message)
        self.message = message
        self.retry = retry


@dataclass(frozen=True)
class Shipment:
    """One parcel as a carrier is told of it; `reference` is our row's id and the idempotency key.

    Addresses are {name, company, line1, line2, city, region, postcode, country, phone}.
    """

    reference: str
    sender: dict
    recipient: dict
    service: str = ""
    weight_g: int | None = None
    size_mm: tuple[int | None, int | None, int | None] = field(default=(None, None, None))
    tracking_number: str = ""  # one that a person typed off a label that exists already
    carrier: str = ""  # our code of who is asked, where one plug-in serves several
    day: date | None = None  # on which it leaves, where rates are asked for


@dataclass(frozen=True)
class Label:
    """What a carrier gives for a parcel; `pdf` is empty where we print the label ourselves."""

    tracking_number: str
    pdf: bytes = b""


@dataclass(frozen=True)
class Rate:
    """What a carrier asks for a shipment by one service; `terms` are (name, amount) and add up to `amount`.

    `days` are working days on the road (None: not said), from the day on which it is handed over by `cutoff`
    ("17:00" at the place it leaves from; "": any time).
    """

    service: str
    name: str
    amount: Decimal
    currency: str
    days: int | None = None
    cutoff: str = ""
    terms: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class TrackedEvent:
    """One thing that happened to a parcel on its way, in the carrier's words; `code` is one of TrackingEvent's.

    `signed_by` and `photo_url` (https) prove a delivery, where the carrier tells them.
    """

    code: str
    text: str
    place: str
    at: datetime
    signed_by: str = ""
    photo_url: str = ""


@dataclass(frozen=True)
class Tracked:
    """What is known of the parcel with tracking number `number`, oldest first; `carrier` as the sender names it."""

    number: str
    carrier: str
    events: tuple[TrackedEvent, ...]


class Carrier(Protocol):
    def rates(self, shipment: Shipment) -> list[Rate]:
        """Say what each service that takes the shipment costs; none where nothing is known. Raises CarrierError."""

    def buy_label(self, shipment: Shipment) -> Label:
        """Buy one label; the same reference again gives the same one. Raises CarrierError."""

    def void_label(self, tracking_number: str) -> None:
        """Void a label; a voided one is no error. Raises CarrierError."""
