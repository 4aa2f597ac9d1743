"""Whose an order is: the customer with its account or e-mail, made if new."""

from oms.lib.insert import insert
from oms.lib.prepared import Param, prepared
from orders.models import Customer


def customer_of(order_in):
    """Return the customer of a cleaned `order_in`; None where neither account nor e-mail is known."""
    if order_in.account:
        return Customer.objects.get_or_create(account=order_in.account, defaults=_known(order_in))[0]
    return _known_or_new(order_in) if order_in.email else None


def customer_now(order):
    """Return whose an order is whose e-mail was changed: an account's stays its own."""
    was = order.customer
    return was if not order.email or (was and was.account) else _known_or_new(order)


def _known_or_new(order):
    found = _with_email(email=order.email)
    return found[0] if found else _insert([order])[order.email]


_with_email = prepared(lambda: Customer.objects.filter(email=Param("email")).order_by())


def customers_of(orders_in):
    """Return the customer of each of cleaned `orders_in`, as `customer_of` would one after the other.

    Two statements for all that have no account.
    """
    emails = {order_in.email for order_in in orders_in if order_in.email and not order_in.account}
    found = {row.email: row for row in Customer.objects.filter(email__in=emails).order_by()} if emails else {}
    new = {}
    for order_in in orders_in:
        if order_in.email in emails - set(found) and not order_in.account:
            new.setdefault(order_in.email, order_in)
    found |= _insert([new[email] for email in sorted(new)]) if new else {}
    return [customer_of(each) if each.account else found.get(each.email) for each in orders_in]


def _insert(orders_in):
    """Insert the customers of `orders_in`, or read those that others inserted meanwhile: one statement.

    What is "updated" is no key: a key's lock would wait for every order that refers to the row.
    Returns {e-mail: Customer}.
    """
    rows = [Customer(email=order_in.email, **_known(order_in)) for order_in in orders_in]
    insert(rows, twin=("email", "locale"))
    return {row.email: row for row in rows}


def _known(order_in):
    address = order_in.ship_to or order_in.bill_to
    return {
        "name": address.get("name", ""),
        "company": address.get("company", ""),
        "phone": order_in.phone,
        "vat_id": order_in.vat_id,
        "locale": order_in.locale,
    }
