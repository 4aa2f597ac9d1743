"""Picks of a batch list that are one for the picker: the same item of the same bin for several orders."""

from dataclasses import dataclass

from fulfilment.models import PickList, PickTask
from fulfilment.services import pick, short


@dataclass
class Together:
    """Open tasks that are picked as one, and the pieces that were `picked` there already, of done ones too."""

    tasks: list[PickTask]
    picked: int

    @property
    def left(self):
        """Pieces still to be taken or reported short."""
        return sum(task.left for task in self.tasks)


def together(task, pick_list):
    """Return what is picked with an open `task` in one go: in a batch all of its bin, item and lot, else itself."""
    if pick_list.mode != PickList.Mode.BATCH:
        return Together([task], task.picked)
    rows = list(pick_list.tasks.filter(bin=task.bin_id, sku=task.sku_id, lot=task.lot_id).in_walking_order())
    return Together([row for row in rows if row.left], sum(row.picked for row in rows))


def take(group, *, picked, actor):
    """Record that `picked` pieces in all lie in the container, order by order; being a total, twice counts once.

    Raises Invalid when it is more than the tasks ask for, or less than was recorded.
    """
    left = picked - group.picked
    for task in group.tasks[:-1]:
        taken = min(task.left, max(left, 0))
        if taken:
            pick.pick(task.pk, picked=task.picked + taken, actor=actor)
        left -= taken
    last = group.tasks[-1]
    pick.pick(last.pk, picked=last.picked + left, actor=actor)


def fall_short(group, *, taken, reason, actor):
    """Record `taken` pieces and report the rest of the tasks as short for `reason`; Invalid before either."""
    short.check_reason(reason)
    if taken:
        take(group, picked=group.picked + taken, actor=actor)
    for task in PickTask.objects.open().filter(pk__in=[task.pk for task in group.tasks]).order_by("pk"):
        short.short(task.pk, reason=reason, actor=actor)
