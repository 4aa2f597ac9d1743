"""Words on orders that people sort them by."""

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text
from orders.models import Order, Tag


@command
def tag(order_id, name, *, actor="system"):
    """Put the tag called `name` on an order, made if new, and return it; a second time does nothing."""
    name = check_text(name, max_length=30, field="tag")
    if not name:
        raise Invalid("Give the tag a name.", field="tag")
    order = Order.objects.lock(order_id)
    found = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
    if not order.tags.filter(pk=found.pk).exists():
        order.tags.add(found)
        _tell(order, "order.tagged", found, actor)
    return found


@command
def untag(order_id, tag_id, *, actor="system"):
    """Take a tag off an order; one that it has not: nothing happens."""
    order = Order.objects.lock(order_id)
    found = order.tags.filter(pk=tag_id).first()
    if found:
        order.tags.remove(found)
        _tell(order, "order.untagged", found, actor)


def _tell(order, name, tag, actor):
    order.version += 1
    order.save(update_fields=["version"])
    order.publish(name, actor=actor, tag=tag.pk)
