"""What orders of a file need before they can be written: a channel with its seller, SKUs, customers."""

from django.db import IntegrityError

from inventory.models import Sku
from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import Invalid, Retry
from orders.models import Channel, Customer, Seller


def find_channel(code, defaults):
    """Return the channel `code`, or the unsaved one that the import would make of `defaults`.

    Raises Invalid when there is none and the format knows no defaults, or when it has another currency.
    """
    channel = Channel.objects.select_related("seller").filter(code__iexact=code).first()
    if channel is None:
        if defaults is None:
            raise Invalid(
                f"There is no channel {code}. Create it in the console, or say --currency and --country.",
                field="channel",
            )
        return _new_channel(code, defaults)
    if defaults and channel.currency != defaults.currency:
        text = f"Channel {channel.code} is in {channel.currency}, the file in {defaults.currency}; choose another."
        raise Invalid(text, field="channel")
    return channel


def _new_channel(code, defaults):
    seller = Seller.objects.filter(code__iexact=code).first() or Seller(
        code=code.upper()[:20],
        legal_name=defaults.seller,
        country=defaults.country,
        address={"country": defaults.country},
        home_currency=defaults.currency,
        tz=defaults.tz,
    )
    return Channel(
        code=code,
        name=defaults.name,
        kind=Channel.Kind.IMPORT,
        seller=seller,
        currency=defaults.currency,
        prices_include_tax=False,
        brand_name=defaults.name,
        is_muted=True,
    )


@command
def save_channel(channel):
    """Save a channel that `find_channel` made, with its seller; one that exists is left as it is."""
    if channel.pk:
        return channel
    if not channel.seller.pk:
        channel.seller.save()
    channel.seller = channel.seller  # takes up its id
    channel.save()
    return channel


def unknown_skus(wanted):
    """Return the codes of the SkuIns `wanted` that no SKU has, sorted."""
    unknown = []
    for chunk in chunks(wanted, 1000):
        known = Sku.objects.by_codes(sku.code for sku in chunk)
        unknown += [sku.code for sku in chunk if sku.code.upper() not in known]
    return sorted(unknown)


def make_skus(wanted):
    """Create each SkuIn that does not exist; return ({upper code: Sku} of all of them, how many are new)."""
    found, created = {}, 0
    for chunk in chunks(wanted, 1000):
        skus, new = _make_skus({sku.code.upper(): sku for sku in chunk})
        found |= skus
        created += new
    return found, created


@command
def _make_skus(wanted):
    known = Sku.objects.by_codes(wanted)
    new = [Sku(code=sku.code, name=sku.name, kind=sku.kind) for upper, sku in wanted.items() if upper not in known]
    try:
        Sku.objects.bulk_create(new)
    except IntegrityError as error:
        raise Retry("Somebody else made one of these SKUs just now.") from error
    return known | {sku.code.upper(): sku for sku in new}, len(new)


def account_of(channel, account):
    """Return an old system's customer id as it stands on Customer.account."""
    return f"{channel.code}:{account}"[:60]


def make_customers(channel, wanted):
    """Return {CustomerIn's (account, e-mail): Customer pk}, created where new. The caller holds a transaction.

    The account decides; an e-mail address only for those without one. An address that some other
    account has already is left to that one.
    """
    by_account = {account_of(channel, one.account): one for one in wanted if one.account}
    by_email = {one.email.lower(): one for one in wanted if one.email and not one.account}
    emails = set(by_email) | {one.email.lower() for one in by_account.values() if one.email}
    taken = set(Customer.objects.filter(email__in=emails).values_list("email", flat=True))
    new = []
    for account, one in by_account.items():
        email = one.email.lower() or None
        new.append(_customer(one, channel, account=account, email=None if email in taken else email))
        taken.add(email)
    new += [_customer(one, channel, email=email) for email, one in by_email.items() if email not in taken]
    Customer.objects.bulk_create(new, ignore_conflicts=True)
    accounts = Customer.objects.filter(account__in=by_account).values_list("account", "pk")
    found = {(account, ""): pk for account, pk in accounts}
    return found | {
        ("", email): pk for email, pk in Customer.objects.filter(email__in=emails).values_list("email", "pk")
    }


def customer_key(channel, customer):
    """Return the key under which `make_customers` gives the pk of a CustomerIn."""
    return (account_of(channel, customer.account), "") if customer.account else ("", customer.email.lower())


def _customer(one, channel, **keys):
    return Customer(
        name=one.name, company=one.company, phone=one.phone, locale=channel.locale, **{"account": None, **keys}
    )
