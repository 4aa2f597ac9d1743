"""What people should know about an order, said to those it is for."""

from oms.lib.commands import command
from oms.lib.errors import Invalid, NotFound
from oms.lib.text import check_text
from orders.models import Note, Order


@command
def write_note(order_id, text, *, audience=Note.Audience.CS, actor="system"):
    """Write a note on an order for `audience` and return it."""
    text = check_text(text, max_length=1000, field="text", multiline=True)
    if not text:
        raise Invalid("Write something.", field="text")
    if audience not in Note.Audience.values:
        raise Invalid(f"Choose one of {', '.join(Note.Audience.values)}.", field="audience")
    order = Order.objects.lock(order_id)
    note = Note.objects.create(order=order, audience=audience, text=text, author=actor)
    _tell(order, "order.noted", note, actor)
    return note


@command
def remove_note(order_id, note_id, *, actor="system"):
    """Take a note off an order; raises NotFound when it has no such note."""
    order = Order.objects.lock(order_id)
    note = order.notes.filter(pk=note_id).first()
    if note is None:
        raise NotFound(f"Order {order} has no such note.", field="note")
    _tell(order, "order.note_removed", note, actor)
    note.delete()


def _tell(order, name, note, actor):
    order.version += 1
    order.save(update_fields=["version"])
    order.publish(name, actor=actor, note=note.pk, audience=note.audience)
