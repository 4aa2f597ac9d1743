"""What waits between channels and us: tiles of those who speak with them."""

from oms.queue import Queue
from orders.models import ChannelDay, ChannelDocument, ChannelMessage, Connection, EdiInterchange, SkuAlias
from orders.services.channel_lag import behind

REFUSED_IN = Queue(
    "Refused from channels",
    "orders and changes that could not be taken: mend the cause, replay",
    ChannelDocument.objects.refused,
    "admin:orders_channeldocument_changelist",
    "status__exact=refused",
    permission="orders.view_channeldocument",
    tone="bad",
)
EDI_REFUSED = Queue(
    "EDI files refused",
    "a partner's file was not taken: tell him why, then mark it as seen to",
    EdiInterchange.objects.refused,
    "admin:orders_ediinterchange_changelist",
    "status__exact=refused",
    permission="orders.view_ediinterchange",
    tone="bad",
)
BEHIND = Queue(
    "Channels behind",
    "not told for minutes what we have: see why",
    behind,
    "admin:orders_connection_changelist",
    "trouble=behind",
    permission="orders.view_connection",
    tone="bad",
)
QUIET = Queue(
    "Channels silent",
    "no order for much longer than is usual: see why",
    Connection.objects.silent,
    "admin:orders_connection_changelist",
    "trouble=silent",
    permission="orders.view_connection",
    tone="bad",
)
REFUSED_OUT = Queue(
    "Refused by channels",
    "shipments, cancellations, refunds they do not take: settle there, or send again",
    ChannelMessage.objects.refused,
    "admin:orders_channelmessage_changelist",
    "status__exact=refused",
    permission="orders.view_channelmessage",
    tone="bad",
)
UNLIKE_SHOP = Queue(
    "Channel days that differ",
    "the shop has other orders or totals than we",
    ChannelDay.objects.differing,
    "admin:orders_channelday_changelist",
    "differs=yes",
    permission="orders.view_channelday",
    tone="warn",
)
TO_MAP = Queue(
    "SKUs to map",
    "channels sell them, nobody knows them here: orders wait",
    SkuAlias.objects.to_map,
    "admin:orders_skualias_changelist",
    "mapped=no",
    permission="orders.view_skualias",
    tone="bad",
)
