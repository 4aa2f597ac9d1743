from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from oms.lib.errors import DomainError


class CarrierError(DomainError):
    """The carrier refused or could not be reached; `retry` says whether a later try can succeed.

    After a refusal (`retry=False`) nothing was bought. After anything else nobody knows: the same is asked again,
    not before `after_s` seconds where the carrier said so.
    """

    status = 502

    def __init__(self, message: str, *, retry: bool, after_s: int = 0):
        super().__init__(message)
        self.retry = retry
        self.after_s = after_s


@dataclass(frozen=True)
class CustomsItem:
    """Pieces of one kind as customs are told of them; `value` and `weight_g` are of all of them."""

    code: str
    description: str
    quantity: int
    value: Decimal
    weight_g: int
    hs_code: str
    origin: str


@dataclass(frozen=True)
class Customs:
    """What is declared of goods that were sold; `signer` answers for it.

    `incoterm` says who pays duties: the sender ("DDP"), or who gets the goods ("DAP"); "": the carrier's own terms.
    """

    items: tuple[CustomsItem, ...]
    currency: str
    signer: str
    incoterm: str = ""


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
    external_id: str = ""  # the carrier's own id of it, once it was announced
    form: str = "pdf"  # in which the label is wanted: one of Label's
    is_again: bool = False  # it may have been announced before: look first
    is_asked: bool = False  # somebody may be buying it at this moment: look, and buy nothing
    customs: Customs | None = None  # where it crosses a customs or tax border
    insured: Decimal | None = None  # for so much, in `currency`; None: it is not
    currency: str = ""


@dataclass(frozen=True)
class Label:
    """What a carrier gives for a parcel; `content` is its file in `form` ("pdf", "zpl", "png"), unchanged.

    It is empty where we print the label ourselves. `page` is the carrier's page about the parcel ("": none),
    `service` what was bought, `account` which of several accounts that a key opens sold it.
    """

    tracking_number: str
    content: bytes = b""
    form: str = "pdf"
    amount: Decimal | None = None
    currency: str = ""
    page: str = ""
    service: str = ""
    account: str = ""


@dataclass(frozen=True)
class Load:
    """Parcels that leave together, with labels of one account; `carrier` is our code of who sold them.

    `labels` are (the carrier's id of the shipment, tracking number).
    """

    carrier: str
    labels: tuple[tuple[str, str], ...]
    is_again: bool = False  # it may have been asked for before: look first


@dataclass(frozen=True)
class CarrierManifest:
    """The carrier's own manifest of a Load; `content` is its PDF, unchanged."""

    external_id: str
    content: bytes


@dataclass(frozen=True)
class Collection:
    """Parcels at a place that a carrier is to come for; `reference` is our row's and never the same again.

    `starts_at` and `ends_at` are aware, `shipment` is the carrier's id of one of the parcels ("": it sold no label).
    """

    reference: str
    carrier: str
    address: dict
    starts_at: datetime
    ends_at: datetime
    parcels: int
    weight_g: int
    instructions: str = ""
    shipment: str = ""
    external_id: str = ""  # the carrier's own id of it, once it was announced


@dataclass(frozen=True)
class Booked:
    """What a carrier gives for a Collection: its number, and by which service for how much it comes."""

    confirmation: str
    service: str = ""
    amount: Decimal | None = None
    currency: str = ""


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


@dataclass(frozen=True)
class CheckedAddress:
    """What a carrier says of an address: whether it delivers there, what is wrong, and how it writes the address."""

    is_found: bool
    said: str
    address: dict


class Carrier(Protocol):
    # Nothing is called outside: a label is there as it is written, and nobody takes it back.
    is_immediate: bool

    def rates(self, shipment: Shipment) -> list[Rate]:
        """Say what each service that takes the shipment costs; none where nothing is known. Raises CarrierError."""

    def announce(self, shipment: Shipment) -> str:
        """Tell of a shipment and return the carrier's id of it, "" where it has none; nothing is bought.

        Two ids for one shipment do no harm: only one of them is bought. Raises CarrierError.
        """

    def buy_label(self, shipment: Shipment) -> Label:
        """Buy one label for the announced shipment; the same again gives the same one. Raises CarrierError."""

    def void_label(self, shipment: Shipment) -> bool:
        """Give its label back, False while it has none; one that was voided is no error. Raises CarrierError."""


@runtime_checkable
class AddressBook(Protocol):
    """A carrier that knows which addresses there are."""

    def check_address(self, address: dict, carrier: str) -> CheckedAddress:
        """Ask about an address, fields as in Shipment. Raises CarrierError."""


class Account(Protocol):
    """A carrier that is asked over the network, by a key of ours for each Carrier (its code)."""

    # Of one shipment it sells one label, also to two who ask at once; else we see to it that one asks.
    sells_once: bool

    def check(self, carrier: str) -> str:
        """Try the key and say in a sentence what was found. Raises CarrierError."""

    def tracked(self, number: str, carrier: str) -> Tracked | None:
        """Ask where the parcel with a tracking number is; None where nothing is known. Raises CarrierError."""


@runtime_checkable
class Manifests(Protocol):
    """An Account that makes a manifest of its own, which its driver scans instead of each parcel."""

    def manifest(self, load: Load) -> CarrierManifest:
        """Ask for the manifest of what leaves; asked again, the same one comes. Raises CarrierError."""


@runtime_checkable
class Collects(Protocol):
    """An Account whose driver is booked over the network."""

    def announce_collection(self, wish: Collection) -> str:
        """Tell where and when and return the carrier's id of it; nothing is booked. Raises CarrierError."""

    def collect(self, wish: Collection) -> Booked:
        """Book the announced one; the same again is booked once. Raises CarrierError."""

    def cancel_collection(self, wish: Collection) -> bool:
        """Send the driver away, False while none is booked; cancelled before is no error. Raises CarrierError."""
