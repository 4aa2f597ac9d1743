"""What was invoiced of an order so far, and what of it was credited. Three statements, however many lines."""

from orders.models import CreditNote, InvoiceLine
from orders.models.worth import NOTHING, share, total

UNDONE = CreditNote.Cause.UNSHIPPED


class Billed:
    """The invoice lines of a locked order with their credits, and the credits that are being written."""

    def __init__(self, order, *, invoice=None):
        self.order = order
        rows = InvoiceLine.objects.filter(invoice__order=order).order_by("pk")
        rows = rows.filter(invoice=invoice) if invoice else rows
        self.rows = list(rows.prefetch_related("credits__credit_note"))
        self.taken = []  # [(InvoiceLine, pieces, Worth)]

    def rows_of(self, *, line_id=None, charge_id=None):
        """Return the invoice lines of an order line or a charge, the oldest first."""
        return [row for row in self.rows if (row.line_id, row.charge_id) == (line_id, charge_id)]

    def invoiced(self, **what):
        """Return (pieces, Worth) invoiced of a line or charge, less what did not leave after all."""
        pieces, worth = 0, NOTHING
        for row in self.rows_of(**what):
            undone = [credit for credit in row.credits.all() if credit.credit_note.cause == UNDONE]
            pieces += row.quantity - sum(credit.quantity for credit in undone)
            worth = worth + total([row]) - total(undone)
        return pieces, worth

    def left(self, row):
        """Return (pieces, Worth) of an invoice line that can still be credited."""
        credits = row.credits.all()
        taken = [(pieces, worth) for other, pieces, worth in self.taken if other is row]
        pieces = row.quantity - sum(credit.quantity for credit in credits) - sum(pieces for pieces, _ in taken)
        return pieces, total([row]) - total(credits) - sum((worth for _, worth in taken), NOTHING)

    def worth_of(self, row, pieces):
        """Return the Worth of the next `pieces` of an invoice line that are credited; of its last, all that is left."""
        free, left = self.left(row)
        if pieces == free:
            return left
        before, currency = row.quantity - free, self.order.currency
        worth = share(row, before + pieces, row.quantity, currency=currency)
        worth = worth - share(row, before, row.quantity, currency=currency)
        return worth if worth.gross <= left.gross and worth.tax <= left.tax else left

    def take(self, row, pieces, worth):
        """Note that `pieces` and `worth` of an invoice line are credited now."""
        self.taken.append((row, pieces, worth))
