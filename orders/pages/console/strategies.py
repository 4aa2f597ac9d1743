"""Compare rule sets: past orders sourced by two strategies, before one goes live."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from oms.lib.console import actor_of, at_once, console_page, posted_id, show
from orders.models import Channel, SourcingStrategy
from orders.services.compare_strategies import STOCKS, compare, past_orders
from orders.services.network import as_strategy, strategy_of
from orders.services.strategies import put_live

# More than a page may wait for; the command takes more.
MOST_ON_A_PAGE = 300


class CompareForm(forms.Form):
    channel = forms.ModelChoiceField(Channel.objects.select_related("seller"), label="Orders of")
    a = forms.ModelChoiceField(
        SourcingStrategy.objects.all(), required=False, label="A", empty_label="what is live on the channel"
    )
    b = forms.ModelChoiceField(SourcingStrategy.objects.all(), label="B", help_text="what you want to try")
    orders = forms.IntegerField(
        min_value=1, max_value=MOST_ON_A_PAGE, initial=100, help_text=f"the last so many, at most {MOST_ON_A_PAGE}"
    )
    stock = forms.ChoiceField(choices=list(STOCKS.items()), initial="then")


@console_page("orders.view_sourcingstrategy")
@require_safe
def compare_strategies(request):
    """A dry run within the request; its address can be shared, and nothing is written."""
    is_asked = "channel" in request.GET
    form = CompareForm(request.GET if is_asked else None, initial={"b": request.GET.get("b")})
    context = {"form": form}
    if form.is_valid():
        context |= _compared(form.cleaned_data)
    return show(
        request,
        "orders/console/compare_strategies.html",
        title="Compare rule sets",
        status=422 if form.errors else 200,
        back_to=reverse("admin:orders_sourcingstrategy_changelist"),
        **context,
    )


@console_page("orders.change_channel")
def put_strategy_live(request):
    """Put the posted strategy live on the posted channel."""
    if request.method != "POST":
        return at_once(request, None, said="", back_to=reverse("console:compare_strategies"))
    channel = get_object_or_404(Channel, pk=posted_id(request, "channel"))
    strategy = get_object_or_404(SourcingStrategy, pk=posted_id(request, "strategy"))
    return at_once(
        request,
        lambda: put_live(channel.pk, strategy.pk, actor=actor_of(request)),
        said=f"“{strategy}” decides on orders of {channel} from now on.",
        back_to=reverse("admin:orders_sourcingstrategy_changelist"),
    )


def _compared(asked):
    channel, b = asked["channel"], asked["b"]
    a = as_strategy(asked["a"]) if asked["a"] else strategy_of(channel)
    found = compare(past_orders(channel, most=asked["orders"]), a, as_strategy(b), stock=asked["stock"])
    return {
        "found": found,
        "rows": _rows(found, channel.seller.home_currency),
        "channel": channel,
        "strategy": b,
        "gathers": sorted({f"“{side.name}”" for side in (found.a, found.b) if side.strategy.gathers}),
        "is_live": channel.strategy_id == b.pk,
    }


def _rows(found, currency):
    """Return [(what, A's figure, B's, B's tone: good where it is better, warn where worse)]."""
    named = [
        (f"Shipping and handling, {currency}", "cost"),
        ("Parcels", "parcels"),
        ("Orders in more than one parcel", "split"),
        ("Orders later than promised", "late"),
        ("Days until they arrive, mean", "mean_days"),
        ("Pieces that nobody could send", "missing"),
    ]
    rows = []
    for words, name in named:
        a, b = getattr(found.a, name), getattr(found.b, name)
        rows.append((words, _figure(a), _figure(b), "good" if b < a else "warn" if b > a else ""))
    return rows


def _figure(value):
    return str(value) if isinstance(value, int) else f"{value:.2f}"
