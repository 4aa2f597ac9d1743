from orders.gateways.base import Movement, Receipt


class Manual:
    """Cash, a bank transfer, a gift card: people move the money, and what they enter is taken as done."""

    is_immediate = True

    def authorise(self, movement: Movement) -> Receipt:
        return _receipt(movement)

    def capture(self, movement: Movement) -> Receipt:
        return _receipt(movement)

    def void(self, movement: Movement) -> Receipt:
        return _receipt(movement)

    def refund(self, movement: Movement) -> Receipt:
        return _receipt(movement)


def _receipt(movement):
    return Receipt(reference=movement.reference, movement=movement.key)
