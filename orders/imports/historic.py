"""Writes orders that lived and ended elsewhere: no stock, no floor, no e-mail, no number of ours."""

from django.db import IntegrityError

from oms.lib import bulk
from oms.lib.commands import command
from oms.lib.errors import Retry
from oms.outbox.models import Event
from oms.outbox.publish import publish_all
from orders.imports import needed
from orders.imports.build import Historic, entries_of
from orders.models import Order
from orders.services.ordered_at import check_past

IMPORTED = "order.imported"  # in nobody's SUBSCRIBERS


@command
def write(channel, records, *, skus, actor):
    """Write those of `records` (OrderRecord) that the channel does not have yet, whole, in one transaction.

    `skus` is {upper code: Sku} of all their lines. Returns how many are new; a second call writes nothing. Raises
    Invalid for an order of a day to come, or of before there were any.
    """
    known = existing(channel, [record.external_id for record in records])
    new = [record for record in records if record.external_id not in known]
    if not new:
        return 0
    for record in new:
        check_past(record.ordered_at)
    customers = needed.make_customers(channel, [record.customer for record in new if record.customer])
    historic = [
        Historic(channel, record, skus=skus, customer_id=_customer_id(channel, customers, record)) for record in new
    ]
    _insert(historic)
    _insert_papers(historic)
    publish_all([_event(one.order, actor) for one in historic])
    return len(new)


def existing(channel, external_ids):
    """Return the set of `external_ids` that the channel has an order of."""
    found = Order.objects.filter(channel=channel, external_id__in=external_ids)
    return set(found.values_list("external_id", flat=True))


def _customer_id(channel, customers, record):
    return customers.get(needed.customer_key(channel, record.customer)) if record.customer else None


def _insert(historic):
    try:
        bulk.insert([one.order for one in historic])
    except IntegrityError as error:
        if "external_id" not in str(error):  # both databases name the columns of a key that is taken
            raise
        raise Retry("Another import wrote one of these orders just now.") from error
    bulk.insert([line for one in historic for line in one.lines])
    bulk.insert([charge for one in historic for charge in one.charges])


def _insert_papers(historic):
    bulk.insert([key for one in historic for key in one.search_keys()])
    payments = [payment for one in historic if (payment := one.payment())]
    bulk.insert(payments)
    bulk.insert([entry for payment in payments for entry in entries_of(payment)])
    invoices = [(one, invoice) for one in historic if (invoice := one.invoice())]
    bulk.insert([invoice for _, invoice in invoices])
    bulk.insert([line for one, invoice in invoices for line in one.invoice_lines(invoice)])


def _event(order, actor):
    return Event(name=IMPORTED, subject=order.subject, sequence=1, actor=actor, data={"order": order.pk})
