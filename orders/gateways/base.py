from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class GatewayError(Exception):
    """The gateway refused, or could not be reached; `retry` says whether the same call can still succeed.

    After a refusal (`retry=False`) no money has moved and none will. After anything else nobody knows:
    the call is made again with the same key.
    """

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


@dataclass(frozen=True)
class Movement:
    """What is asked of a gateway. The same `key` is the same movement, however often it is asked."""

    key: str
    amount: Decimal  # in units of `currency`, more than zero
    currency: str  # ISO 4217
    order_number: str
    token: str = ""  # what the customer's browser got from the provider; for an authorisation
    reference: str = ""  # the payment's id at the provider; for all that follows


@dataclass(frozen=True)
class Receipt:
    """That it was done: the payment's id at the provider, and this movement's own."""

    reference: str
    movement: str


class Gateway(Protocol):
    """Each method acts at most once for a key, returns the first Receipt again, and raises GatewayError."""

    # The money moves outside and nothing is called: an entry is done as it is written.
    is_immediate: bool

    def authorise(self, movement: Movement) -> Receipt:
        """Promise `amount` to us, by `token`."""

    def capture(self, movement: Movement) -> Receipt:
        """Take `amount` of what payment `reference` has authorised."""

    def void(self, movement: Movement) -> Receipt:
        """Give back `amount` of what is authorised and not captured."""

    def refund(self, movement: Movement) -> Receipt:
        """Send `amount` of what was captured back to the customer."""
