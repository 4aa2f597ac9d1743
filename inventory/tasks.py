"""What purchasing does when something happened."""

from inventory.models import PurchaseOrder
from inventory.services import lead_times, replenish, send_purchase
from inventory.services.end_purchase import mail_cancelled
from oms.outbox.consumers import subscriber


@subscriber
def print_and_mail_purchase(event):
    """Have the PDF of a sent purchase order made, and the e-mail with it sent."""
    send_purchase.print_and_mail(event.data["purchase"], by_hand=event.data["by_hand"])


@subscriber
def mail_purchase_cancelled(event):
    """Tell the supplier of an order it had that it is cancelled."""
    if event.data["was_sent"]:
        mail_cancelled(event.data["purchase"])


@subscriber
def learn_lead_time(event):
    """Learn from a delivery how long its supplier takes."""
    order = PurchaseOrder.objects.get(pk=event.data["purchase"])
    lead_times.learn(order.supplier_id, event.data["sku"])


@subscriber
def replenish_step(event):
    """Do one step of a night's replenishment."""
    replenish.step(event.data["stage"], event.data["after"], event.data["week"])
