"""An e-mail to an order's customer: the channel's brand and support, his link, words from three templates."""

import re

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from oms.outbox.models import Event
from oms.papers.base import Mail
from orders.customer.brand import brand_of
from orders.customer.links import customer_link
from orders.customer.reader import reader_of
from orders.customer.story import tell

# Whoever orders in somebody else's name could have us mail him an advertisement.
NO_NAME = re.compile(r"[/@:\\]|www\.|\.[a-z]{2,}\b", re.IGNORECASE)


def write(template, order, **context):
    """Return the `Mail` about `order` (its channel's seller at hand), in the active language.

    `template` is "orders/emails/shipped"; its .subject.txt, .txt and .html get `context` beside `order`,
    `channel`, `brand`, `story`, `reader`, `name` (to greet) and `link`.
    """
    channel, reader = order.channel, reader_of(order, language=get_language())
    context = {
        "order": order,
        "channel": channel,
        "brand": brand_of(channel),
        "reader": reader,
        "story": tell(order, reader, now=timezone.now()),
        "name": greeted(order),
        "country": reader.country(order.ship_country),
        "link": customer_link(order),
    } | context
    return Mail(
        to=order.email,
        subject=render_to_string(f"{template}.subject.txt", context).strip(),
        text=tidy(render_to_string(f"{template}.txt", context)),
        html=render_to_string(f"{template}.html", context),
        language=reader.language,
        reply_to=channel.support_email,
        sender_name=channel.brand_name,
    )


def greeted(order):
    """Return the name to greet, "" where none is known or it is no name at all."""
    name = order.invoice_address.get("name", "") or order.ship_name
    return name if len(name) <= 60 and not NO_NAME.search(name) else ""


def event_of(message):
    """Return the event that the e-mail `message` is about, as its first one's cause says; LookupError without one."""
    kind, _, pk = message.first.cause.partition(":")
    if kind != "event":
        raise LookupError(f"{message} names no event.")
    return Event.objects.get(pk=pk)


def tidy(text):
    """Return a rendered text without the gaps that its template's tags left."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
