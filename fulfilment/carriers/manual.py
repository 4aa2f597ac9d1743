from fulfilment.carriers.base import Label, Rate, Shipment


class Manual:
    """Parcels that we bring ourselves, or whose labels a person buys elsewhere and types the number of."""

    is_immediate = True

    def rates(self, shipment: Shipment) -> list[Rate]:
        """Say nothing: what it costs is known to those who bring it."""
        return []

    def announce(self, shipment: Shipment) -> str:
        """Nobody outside is told."""
        return ""

    def buy_label(self, shipment: Shipment) -> Label:
        """Return the number typed, or one of our own; the label is our own document."""
        return Label(shipment.tracking_number or f"OMS{int(shipment.reference):010d}")

    def void_label(self, shipment: Shipment) -> bool:
        """Nobody outside knows of the label."""
        return True
