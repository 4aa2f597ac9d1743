"""What a channel calls our goods is told once; what waited for it goes on."""

from difflib import SequenceMatcher

from django.db.models import Q

from inventory.models import Sku
from oms.lib.commands import command
from orders.models import ChannelDocument, SkuAlias
from orders.services.list_goods import follow_alias
from orders.services.work_document import replay

MOST_SUGGESTED = 5
MOST_COMPARED = 200
SHORTEST_WORD = 4


@command
def map_sku(alias_id, sku, *, actor):
    """Say which SKU a channel means by a code; documents that wait for nothing else are worked. Returns how many."""
    alias = SkuAlias.objects.select_for_update(of=("self",)).get(pk=alias_id)
    alias.sku = sku
    alias.save(update_fields=["sku"])
    follow_alias(alias)
    waiting = ChannelDocument.objects.unmapped().filter(waits_for=alias)
    free = waiting.exclude(waits_for__in=SkuAlias.objects.to_map())
    return sum(replay(pk, actor=actor) for pk in free.order_by("pk").values_list("pk", flat=True))


def suggest(alias):
    """Return the SKUs that a code may mean, the likeliest first: by barcode, by code, by name; at most five."""
    scanned = Sku.objects.scanned(alias.code)
    words = [word for word in alias.name.split() if len(word) >= SHORTEST_WORD][:3]
    alike = Q(code__istartswith=alias.code[:SHORTEST_WORD])
    for word in words:
        alike |= Q(name__icontains=word)
    found = Sku.objects.active().filter(alike).order_by("code")[:MOST_COMPARED]
    ranked = sorted(found, key=lambda sku: -_likeness(alias, sku))
    return list(dict.fromkeys([*([scanned] if scanned else []), *ranked]))[:MOST_SUGGESTED]


def _likeness(alias, sku):
    by_code = SequenceMatcher(None, alias.code.upper(), sku.code.upper()).ratio()
    by_name = SequenceMatcher(None, alias.name.casefold(), sku.name.casefold()).ratio()
    return max(by_code, by_name)
