"""What suppliers are told: one function a message, each returns it unsent."""

import re

from django.template.loader import render_to_string

from inventory.models import PurchaseOrder
from oms.papers.base import Mail
from oms.papers.models import Document


def purchase_order(object_id, message):
    """Here is our order; its PDF is attached."""
    paper = Document.objects.latest_of("purchase_order", object_id)
    return _about("purchase_order", object_id, message, attachments=(paper.pk,))


def purchase_cancelled(object_id, message):
    """An order that it has is not wanted any more, and why."""
    return _about("purchase_cancelled", object_id, message)


def _about(name, object_id, message, attachments=()):
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=object_id)
    us = order.bill_to
    address = us.get("address", {})
    place = " ".join(part for part in (address.get("line1"), address.get("postcode"), address.get("city")) if part)
    brand = {"name": us.get("name", ""), "address": place}
    context = {"order": order, "supplier": order.supplier, "brand": brand}
    template = f"inventory/emails/{name}"
    return Mail(
        to=order.supplier.email,
        subject=render_to_string(f"{template}.subject.txt", context).strip(),
        text=re.sub(r"\n{3,}", "\n\n", render_to_string(f"{template}.txt", context)).strip() + "\n",
        html=render_to_string(f"{template}.html", context),
        language=message.language,
        reply_to=us.get("email", ""),
        sender_name=us.get("name", ""),
        attachments=attachments,
    )
