"""From records of a file to unsaved rows of historic orders: shipped, invoiced and paid long ago.

Nothing here asks the database. Amounts are what the file says, exactly: they are not rounded again.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from inventory.models import Sku
from oms.lib.money import ZERO, split_tax
from orders.models import (
    Invoice,
    InvoiceLine,
    Order,
    OrderCharge,
    OrderLine,
    Payment,
    PaymentEntry,
    SearchKey,
)
from orders.services import search
from orders.services.billing import SELLER_FIELDS

SETTLED = "settled in the old system"


class Historic:
    """The unsaved rows of one order: `order`, `lines`, `charges`; its papers come with its pk."""

    def __init__(self, channel, record, *, skus, customer_id):
        self.record, self.channel = record, channel
        self.lines = [_line(channel, record, i, skus) for i in range(len(record.lines))]
        self.charges = [_charge(channel, charge) for charge in record.charges]
        self.order = _order(channel, record, self.lines + self.charges, customer_id)
        for row in (*self.lines, *self.charges):
            row.order = self.order

    @property
    def is_cancelled(self):
        return self.order.status == Order.Status.CANCELLED

    def search_keys(self):
        """Return the SearchKeys of the saved order, its invoice's number among them."""
        keys = search.keys_of(self.order, self.lines)
        if self.record.invoice_number:
            value = search.normalise(self.record.invoice_number)
            keys.append(SearchKey(order=self.order, kind=SearchKey.Kind.INVOICE, value=value))
        return keys

    def payment(self):
        """Return the Payment that the old system took, or None where nothing was to pay."""
        if self.is_cancelled or self.order.gross <= 0:
            return None
        gross, at = self.order.gross, self.order.ordered_at
        money = {"amount": gross, "authorised": gross, "captured": gross}
        return Payment(order=self.order, gateway=self.channel.gateway, method=SETTLED, created_at=at, **money)

    def invoice(self):
        """Return the Invoice with the old system's number, or None where the file has none."""
        if self.is_cancelled or not self.record.invoice_number:
            return None
        order, seller = self.order, self.channel.seller
        left_at = order.shipped_at or order.ordered_at
        day = left_at.astimezone(ZoneInfo(seller.tz)).date()
        return Invoice(
            order=order,
            seller=seller,
            code=self.record.invoice_number,
            issued_at=left_at,
            issued_on=day,
            supply_on=day,
            locale=order.locale,
            currency=order.currency,
            net=order.net,
            tax=order.tax,
            gross=order.gross,
            paid=order.gross,
            seller_as_was={name: getattr(seller, name) for name in SELLER_FIELDS},
            buyer=order.invoice_address | {"vat_id": order.vat_id},
            ship_to=order.ship_to,
        )

    def invoice_lines(self, invoice):
        """Return the InvoiceLines of a saved `invoice`: all lines, then all charges."""
        lines = [_invoice_line(invoice, i, line) for i, line in enumerate(self.lines, start=1)]
        first = len(lines) + 1
        return lines + [_invoice_charge(invoice, i, charge) for i, charge in enumerate(self.charges, start=first)]


def entries_of(payment):
    """Return the PaymentEntries by which a saved historic payment was authorised and captured."""
    kinds = PaymentEntry.Kind.AUTHORISE, PaymentEntry.Kind.CAPTURE
    return [entry(payment, kind, payment.amount, at=payment.created_at) for kind in kinds]


def entry(payment, kind, amount, *, at, refund=None):
    """Return a movement of money that the old system made at moment `at`."""
    done = PaymentEntry.Status.DONE
    return PaymentEntry(
        payment=payment, kind=kind, amount=amount, refund=refund, status=done, created_at=at, done_at=at
    )


def _order(channel, record, priced, customer_id):
    status, at = Order.Status(record.status), record.ordered_at
    is_cancelled = status == Order.Status.CANCELLED
    customer = record.customer
    nothing = is_cancelled or not record.lines
    left_at = record.shipped_at or at
    return Order(
        channel=channel,
        external_id=record.external_id,
        partner_id=channel.partner_id,
        origin=Order.Origin.IMPORT,
        status=status,
        payment_state=Order.PaymentState.UNPAID if is_cancelled else Order.PaymentState.PAID,
        fulfilment_state=Order.FulfilmentState.NOTHING if nothing else Order.FulfilmentState.DELIVERED,
        customer_id=customer_id,
        email=customer.email.lower() if customer else "",
        phone=customer.phone if customer else "",
        vat_id=record.vat_id,
        locale=channel.locale,
        ship_to=record.ship_to,
        bill_to=record.bill_to,
        ship_country=record.ship_to.get("country", ""),
        ship_name=record.ship_to.get("name") or record.ship_to.get("company", ""),
        method=record.method,
        purchase_order=record.purchase_order,
        customer_note=record.customer_note,
        currency=channel.currency,
        prices_include_tax=channel.prices_include_tax,
        net=sum((row.net for row in priced), ZERO),
        tax=sum((row.tax for row in priced), ZERO),
        gross=sum((row.gross for row in priced), ZERO),
        promised_original=record.required_at,
        promised_current=record.required_at,
        ordered_at=at,
        placed_at=at,
        confirmed_at=None if is_cancelled else at,
        closed_at=None if is_cancelled else left_at,
        cancelled_at=at if is_cancelled else None,
        shipped_at=None if nothing else left_at,
        cancel_reason="cancelled in the old system" if is_cancelled else "",
        event_counter=1,
    )


def _line(channel, record, i, skus):
    line = record.lines[i]
    sku = skus[line.sku.upper()]
    net, tax, gross = _split(channel, line.quantity * line.unit_price - line.discount, line.tax_rate)
    is_cancelled = record.status == Order.Status.CANCELLED
    done = {"cancelled": line.quantity} if is_cancelled else {"shipped": line.quantity, "delivered": line.quantity}
    return OrderLine(
        position=i + 1,
        sku=sku,
        sku_code=sku.code,
        name=line.name or sku.name,
        # What was one piece then is one piece here, also where it is a kit now.
        kind=Sku.Kind.PHYSICAL if sku.is_kit else sku.kind,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_class=sku.tax_class,
        tax_rate=line.tax_rate,
        net=net,
        tax=tax,
        gross=gross,
        **done,
    )


def _split(channel, entered, rate):
    if not rate:
        return entered, Decimal(0), entered
    return split_tax(entered, rate, includes_tax=channel.prices_include_tax, currency=channel.currency)


def _charge(channel, charge):
    net, tax, gross = _split(channel, charge.amount, charge.tax_rate)
    return OrderCharge(kind=charge.kind, name=charge.name, net=net, tax_rate=charge.tax_rate, tax=tax, gross=gross)


def _invoice_line(invoice, position, line):
    amounts = {"net": line.net, "tax": line.tax, "gross": line.gross, "tax_rate": line.tax_rate}
    net_part = 1 / (1 + line.tax_rate) if invoice.order.prices_include_tax else 1
    return InvoiceLine(
        invoice=invoice,
        position=position,
        line=line,
        sku_code=line.sku_code,
        name=line.name,
        quantity=line.quantity,
        unit_net=round(line.unit_price * net_part, 4),
        discount=round(line.discount * net_part, 4),
        **amounts,
    )


def _invoice_charge(invoice, position, charge):
    amounts = {"net": charge.net, "tax": charge.tax, "gross": charge.gross, "tax_rate": charge.tax_rate}
    return InvoiceLine(invoice=invoice, position=position, charge=charge, name=charge.name, quantity=0, **amounts)
