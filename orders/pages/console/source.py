"""Open orders sourced anew, together: choose which, see what would move, do it."""

from django import forms
from django.core import signing
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory.models import Location, Sku
from oms.lib.console import actor_of, alarm, blame, console_page, say, show
from oms.lib.errors import DomainError, Invalid
from orders.models import Allocation, Channel, Order
from orders.services.proposal import Group
from orders.services.resource import apply, choose_orders, foresee, propose

MAY = "orders.source_order"
# A page has to answer: more orders at once are for `manage.py source_orders`.
MOST_ORDERS = 200
SEARCH_S = 2.0
MOST_SHOWN = 100
SALT = "orders.source"
PROPOSED_FOR_S = 15 * 60


class ChoiceForm(forms.Form):
    location = forms.ModelChoiceField(
        Location.objects.active(), required=False, widget=UnfoldAdminSelectWidget, help_text="pieces reserved there"
    )
    sku = forms.CharField(label="SKU", required=False, max_length=60, widget=UnfoldAdminTextInputWidget)
    channel = forms.ModelChoiceField(Channel.objects.all(), required=False, widget=UnfoldAdminSelectWidget)

    def clean_sku(self):
        """Return the SKU with the code that was typed, None for none."""
        code = self.cleaned_data["sku"].strip()
        found = Sku.objects.filter(code__iexact=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError("There is no such SKU.")
        return found


@console_page(MAY)
def source(request):
    """Show which orders to choose, and once that is asked, what sourcing them anew would do."""
    form = ChoiceForm(request.GET if "look" in request.GET else None)
    context = {}
    if form.is_bound and form.is_valid():
        try:
            context = _proposed(form.cleaned_data)
        except DomainError as error:
            blame(form, error)
    status = 422 if form.errors else 200
    return show(
        request, "orders/console/source.html", title="Source open orders anew", status=status, form=form, **context
    )


@console_page(MAY)
@require_POST
def source_now(request):
    """Do what was shown; what changed since stays as it is, and that is said."""
    try:
        data = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=PROPOSED_FOR_S)
    except signing.BadSignature:
        alarm(request, Invalid("This was looked at too long ago: look again."))
        return HttpResponseRedirect(reverse("console:source"))
    done = apply([Group.from_json(group) for group in data], actor=actor_of(request))
    if done.orders:
        say(request, f"{done.orders} order{'' if done.orders == 1 else 's'} sourced anew.")
    if done.refused:
        more = f" … and {len(done.refused) - 5} more" if len(done.refused) > 5 else ""
        alarm(request, Invalid(" ".join(done.refused[:5]) + more))
    return HttpResponseRedirect(reverse("console:source"))


def _proposed(chosen):
    proposal = propose(choose_orders(**chosen, most=MOST_ORDERS), seconds=SEARCH_S)
    token = signing.dumps([group.as_json() for group in proposal.groups], salt=SALT, compress=True)
    shown = {"proposal": proposal, "groups": _shown(proposal), "most": MOST_SHOWN, "most_orders": MOST_ORDERS}
    return shown | {"token": token}


def _shown(proposal):
    """Return the first groups as [{"orders": [...], "waited", "waiting"}]: each order's moves, money and promise."""
    chosen, count = [], 0
    for group in proposal.groups:
        count += len(group.before)
        if count <= MOST_SHOWN:
            chosen.append(group)
    moves = [move for group in chosen for move in group.moves]
    places = Location.objects.in_bulk({pk for move in moves for pk in (move.source, move.target) if pk})
    orders = Order.objects.in_bulk({move.order for move in moves})
    rows = Allocation.objects.select_related("sku").in_bulk([move.allocation for move in moves])
    return [
        [_order(orders[pk], group, rows, places, promise) for pk, promise in foresee(group).items()] for group in chosen
    ]


def _order(order, group, rows, places, promise):
    now, then = promise
    day = [moment and moment.date() for moment in promise]
    moves = [
        {
            "pieces": move.pieces,
            "sku": rows[move.allocation].sku,
            "source": places.get(move.source),
            "target": places.get(move.target),
        }
        for move in group.moves
        if move.order == order.pk
    ]
    return {
        "order": order,
        "moves": moves,
        "before": group.before[order.pk],
        "after": group.after[order.pk],
        "now": now,
        "then": then,
        "is_later": day[0] is not None and (day[1] is None or day[1] > day[0]),
        "is_sooner": day[1] is not None and (day[0] is None or day[1] < day[0]),
    }
