"""Strategies are copied, tried (`compare_strategies`) and put live on a channel."""

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.outbox.publish import publish
from orders.models import Channel, SourcingRule, SourcingStrategy
from orders.services.network import forget_network


@command
def copy_strategy(pk, name, *, actor="system"):
    """Return a new strategy called `name` with the penalties and rules of `pk`; no channel uses it.

    Raises Invalid where another one is called so.
    """
    strategy = SourcingStrategy.objects.get(pk=pk)
    rules = list(strategy.rules.all())
    if not name.strip() or SourcingStrategy.objects.filter(name__iexact=name.strip()).exists():
        raise Invalid(f"There is a strategy called {name.strip() or 'nothing'} already.", field="name")
    strategy.pk, strategy.name = None, name.strip()
    strategy._state.adding = True
    strategy.save(force_insert=True)
    for rule in rules:
        rule.pk, rule.strategy = None, strategy
    SourcingRule.objects.bulk_create(rules)
    publish("strategy.copied", f"strategy:{strategy.pk}", actor=actor, strategy=strategy.pk, source=pk)
    return strategy


@command
def put_live(channel_pk, strategy_pk, *, actor="system"):
    """Source the orders of a channel by a strategy (None: by none) from the next order on; returns the channel.

    A second call changes and publishes nothing. Other processes follow within seconds where the rules themselves,
    not the choice, were changed.
    """
    channel = Channel.objects.select_for_update(of=("self",)).get(pk=channel_pk)
    before = channel.strategy_id
    if before == strategy_pk:
        return channel
    channel.strategy = strategy_pk and SourcingStrategy.objects.get(pk=strategy_pk)
    channel.save(update_fields=["strategy"])
    forget_network()
    data = {"channel": channel.pk, "strategy": strategy_pk, "before": before}
    publish("channel.strategy_set", f"channel:{channel.pk}", actor=actor, **data)
    return channel
