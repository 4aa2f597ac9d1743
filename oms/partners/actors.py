"""Who did it, by name: actors stand in rows as "user:3", "partner:7" or "system"."""

from collections import defaultdict

from django.contrib.auth import get_user_model

from oms.partners.models import Partner

OTHERS = {"system": "the system", "customer": "the customer", "channel": "the channel", "": "the system"}


def actor_names(actors):
    """Return {"user:3": "Anna Berg"} of `actors`; at most two statements."""
    wanted = defaultdict(set)
    actors = set(actors)
    for actor in actors:
        kind, _, pk = actor.partition(":")
        if pk.isdigit():
            wanted[kind].add(int(pk))
    users = get_user_model().objects.in_bulk(wanted["user"]) if wanted["user"] else {}
    partners = Partner.objects.in_bulk(wanted["partner"]) if wanted["partner"] else {}
    known = {f"user:{pk}": user.get_full_name() or user.get_username() for pk, user in users.items()}
    known |= {f"partner:{pk}": str(partner) for pk, partner in partners.items()}
    return {actor: known.get(actor) or OTHERS.get(actor, actor) for actor in actors}
