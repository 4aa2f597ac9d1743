from django.db.models import F

from orders.gateways.base import GatewayError, Movement, Receipt
from orders.models import SandboxMovement


class Test:
    """A provider for sandboxes and demos; what happens is said by the token of the authorisation.

    `ok`: all goes well · `declined`: refused · `timeout`: done, but the first answer is lost ·
    `capture_declined`, `capture_timeout`, `void_…`, `refund_…`: the same of a later step. It keeps a
    row per key, as a provider does, so a call made again acts no second time.
    """

    is_immediate = False
    __test__ = False  # pytest: this is no test

    def authorise(self, movement: Movement) -> Receipt:
        return _act("authorise", movement, token=movement.token)

    def capture(self, movement: Movement) -> Receipt:
        return _act("capture", movement, token=_token_of(movement))

    def void(self, movement: Movement) -> Receipt:
        return _act("void", movement, token=_token_of(movement))

    def refund(self, movement: Movement) -> Receipt:
        return _act("refund", movement, token=_token_of(movement))


def _act(operation, movement, *, token):
    row, is_first = SandboxMovement.objects.get_or_create(
        key=movement.key,
        defaults={
            "operation": operation,
            "amount": movement.amount,
            "currency": movement.currency,
            "reference": movement.reference or f"sandbox-{token}-{movement.key}",
            "is_refused": _means(token, operation, "declined"),
        },
    )
    SandboxMovement.objects.filter(pk=row.pk).update(calls=F("calls") + 1)
    if row.is_refused:
        raise GatewayError(f"The {operation} was declined by the sandbox.", retry=False)
    if is_first and _means(token, operation, "timeout"):
        raise GatewayError(f"The sandbox did not answer the {operation} in time.", retry=True)
    return Receipt(reference=row.reference, movement=f"sandbox-{row.key}")


def _means(token, operation, outcome):
    return token == (outcome if operation == "authorise" else f"{operation}_{outcome}")


def _token_of(movement):
    """Read the token back from the reference that the authorisation gave; "ok" for foreign ones."""
    parts = movement.reference.split("-")
    return parts[1] if len(parts) == 3 and parts[0] == "sandbox" else "ok"
