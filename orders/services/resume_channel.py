"""A channel goes on after a pause: what its shops sent meanwhile was refused and kept, and is worked now."""

from django.db.models import Q

from oms.lib.commands import command
from orders.models import ChannelDocument, Connection
from orders.services.work_document import replay


@command
def resume(channel, *, actor):
    """Have all documents worked again that `channel` refused as such, the oldest first; returns how many.

    Those that it refuses for another reason are refused again, and so are those of the shop's other currencies.
    """
    shops = Connection.objects.filter(Q(channel=channel) | Q(also_for=channel))
    kept = ChannelDocument.objects.refused().unemptied().filter(connection__in=shops, field="channel")
    return sum(replay(pk, actor=actor) for pk in kept.values_list("pk", flat=True))
