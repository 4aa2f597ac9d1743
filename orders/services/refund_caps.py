"""How much of an order can still be refunded, and for what."""

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from oms.lib.errors import DomainError
from oms.lib.money import ZERO, quantise, show, step
from orders.models import OrderCharge, Payment, Refund, RefundLine
from orders.models.worth import share, worth_of
from orders.services.due import excess_of, price_of

Kind = RefundLine.Kind
OF_A_LINE = (Kind.ITEM, Kind.TAX)
EXCESS = "excess"  # no kind of a line: what was paid too much is given back as goodwill is


@dataclass(frozen=True)
class Caps:
    """The most that can be refunded: in all, of shipping, and {order line id: amount}, with tax.

    `kit_of` is {part's line id: its kit's}: what is refunded of a part counts against the kit too.
    """

    total: Decimal
    shipping: Decimal
    lines: dict
    kit_of: dict

    def check(self, lines, *, currency):
        """Raise DomainError, naming the field, when `lines` (kind, amount, line_id) are more than a cap."""
        wanted = {}
        for i, line in enumerate(lines):
            for key, cap in self._of(line).items():
                wanted[key] = wanted.get(key, ZERO) + line.amount
                if wanted[key] > cap:
                    text = f"Only {show(cap, currency)} of this can be refunded."
                    raise DomainError(text, field=f"lines.{i}.amount")
        if sum((line.amount for line in lines), ZERO) > self.total:
            raise DomainError(f"Only {show(self.total, currency)} can be refunded.", field="lines")

    def within(self, lines):
        """Return `lines`, each cut to its own cap, whatever the total; those of which nothing is left are left out."""
        taken, found = {}, []
        for line in lines:
            caps = self._of(line)
            amount = min([line.amount, *(cap - taken.get(key, ZERO) for key, cap in caps.items())])
            if amount > 0:
                found.append(replace(line, amount=amount))
                taken |= {key: taken.get(key, ZERO) + amount for key in caps}
        return found

    def _of(self, line):
        """Return {what a line of a refund counts against: the most of it}."""
        if line.kind in OF_A_LINE:
            return {key: self.lines[key] for key in (line.line_id, self.kit_of.get(line.line_id)) if key}
        return {Kind.SHIPPING: self.shipping} if line.kind == Kind.SHIPPING else {}


def caps_of(order):
    """Return the Caps of a locked `order`: what was captured or charged, less every refund that may still go."""
    lines = list(order.lines.select_related("parent", "order"))
    refunds = Refund.objects.filter(order=order).with_gone().prefetch_related("lines")
    refunded = _refunded(refunds, lines)
    waiting = sum((refund.amount for refund in refunds if refund.status == Refund.Status.REQUESTED), ZERO)
    shipping = order.charges.filter(kind=OrderCharge.Kind.SHIPPING)
    return Caps(
        total=max(Payment.objects.totals(order).kept - waiting, ZERO),
        shipping=max(sum((charge.gross for charge in shipping), ZERO) - refunded.get("shipping", ZERO), ZERO),
        lines={line.pk: max(worth_of(line, line.quantity).gross - refunded.get(line.pk, ZERO), ZERO) for line in lines},
        kit_of={line.pk: line.parent_id for line in lines if line.is_part},
    )


def _refunded(refunds, lines):
    kit_of = {line.pk: line.parent_id for line in lines if line.is_part}
    refunded = {}
    for refund in refunds:
        left = refund.gone
        for line in refund.lines.all():
            amount = line.amount
            if refund.status == Refund.Status.REJECTED:  # what was sent of it was for its first lines
                amount = min(amount, left)
                left -= amount
            keys = {line.line_id, kit_of.get(line.line_id, line.line_id)} if line.kind in OF_A_LINE else {line.kind}
            for key in keys:
                refunded[key] = refunded.get(key, ZERO) + amount
    return refunded


@dataclass(frozen=True)
class Preset:
    """A refund that is one click away: its name, and what it is for."""

    name: str
    kind: str
    amount: Decimal
    line_id: int | None = None
    quantity: int = 0


def presets(order, caps, lines):
    """Return the [Preset] that `caps` allow: what was paid too much, 10 % of the price, the shipping, each of `lines`.

    The price is what the order costs now, and a line what is not cancelled of it.
    """
    currency = order.currency
    found = [
        Preset("Paid too much", EXCESS, _payable(excess_of(order), currency)),
        Preset("10 %", Kind.GOODWILL, quantise(price_of(order) / 10, currency)),
        Preset("Shipping", Kind.SHIPPING, _payable(caps.shipping, currency)),
    ]
    for line in lines:
        kept = share(line, line.quantity - line.cancelled, line.quantity, currency=currency).gross
        amount = _payable(min(caps.lines[line.pk], kept), currency)
        found.append(Preset(f"{line.sku_code} {line.name}", Kind.ITEM, amount, line.pk))
    return [preset for preset in found if 0 < preset.amount <= caps.total]


def _payable(amount, currency):
    """Return `amount` without what is less than the smallest coin: past orders have such prices."""
    return amount.quantize(step(currency), rounding=ROUND_DOWN)
