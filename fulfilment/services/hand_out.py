"""Who has which list: all of a picker's lists to another, and the list of a dead device to whoever takes it."""

from fulfilment.models import PickList
from oms.lib.commands import command
from oms.lib.errors import Invalid


@command
def reassign(location, *, picker, to):
    """Give all open lists of `picker` at a location to `to` (None: to whoever takes them); returns how many."""
    if to is not None and picker.pk == to.pk:
        raise Invalid("Choose somebody else.", field="to")
    lists = PickList.objects.open().filter(location=location, picker=picker)
    pks = list(lists.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        _give(PickList.objects.lock(pk), to)
    return len(pks)


@command
def free(pick_list_id):
    """Let a list wait for whoever takes it: its device is dead or its picker gone. The picks made stay made.

    Raises InvalidTransition when it is done.
    """
    pick_list = PickList.objects.lock(pick_list_id)
    pick_list.check_open()
    return _give(pick_list, None)


def _give(pick_list, to):
    pick_list.picker = to
    if pick_list.status == PickList.Status.PICKING:
        pick_list.move_to(PickList.Status.OPEN)
    pick_list.save(update_fields=["picker"])
    return pick_list
