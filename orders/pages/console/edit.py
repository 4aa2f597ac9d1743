"""Change an order: address, method, quantity, texts. Its money is shown first; nobody's change is lost."""

import json

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404

from oms.lib.console import actor_of, blame, console_page, say, show
from oms.lib.errors import DomainError, Invalid
from orders.models import Order, OrderChange
from orders.pages.console import phone_form
from orders.pages.console.links import order_page
from orders.pages.console.phone_form import AddressForm, text
from orders.services import change as changes
from orders.services.history import entries
from orders.services.intake import ADDRESS_FIELDS

ADDRESS = [name for name in ADDRESS_FIELDS if name != "phone"]
TEXTS = ["email", "phone", "purchase_order", "gift_message", "customer_note", "method"]


class EditForm(AddressForm):
    """The order as it can be changed; `qty-7` is how many pieces of line 7 there shall be."""

    email = text("E-mail", most=254)
    phone = text("Phone", most=40)
    method = forms.ChoiceField(choices=Order.Method.choices, label="Shipping")
    purchase_order = text("Customer's PO", most=60)
    gift_message = forms.CharField(max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    customer_note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, lines, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            label = f"{line.sku_code} {line.name}"
            self.fields[f"qty-{line.pk}"] = forms.IntegerField(label=label, min_value=0, max_value=1_000_000)


@console_page("orders.change_order")
def edit(request, pk):
    """Send it once to see the money, once more to do it; what moves no money is done at once."""
    order = get_object_or_404(Order.objects.select_related("channel"), pk=pk)
    lines = list(order.lines.priced())
    now = values_of(order, lines)
    base = _base(request, now)
    form = EditForm(lines, request.POST or None, initial=now)
    context = {}
    if form.is_bound:
        is_sound, typed = form.is_valid(), _typed(form)
        if request.POST.get("version") != str(order.version):  # first: a form with errors bears the new version
            form, context = _stale(lines, typed, base=base, now=now, order=order)
            base = now
        elif is_sound:
            try:
                added = phone_form.lines_of(request.POST)
                operations = operations_of(typed, base, added=added, phone=order.ship_to.get("phone"))
                change = _previewed(request, order, operations)
                if change.delta == 0 or str(change.pk) == request.POST.get("change"):
                    changes.apply(change.pk, actor=actor_of(request))
                    say(request, f"Order {order} is changed.")
                    return HttpResponseRedirect(order_page(pk))
                context = {"change": change, "less": -change.delta}
            except DomainError as error:
                _blame(form, error)
    return show(
        request,
        "orders/console/edit.html",
        title=f"Edit order {order}",
        status=422 if form.errors else 200,
        order=order,
        form=form,
        quantities=[(line, form[f"qty-{line.pk}"]) for line in lines],
        rows=phone_form.rows_of(request.POST),
        base=json.dumps(base),
        is_changeable=changes.is_changeable(order),
        back_to=order_page(pk),
        **context,
    )


def values_of(order, lines):
    """Return {field of the form: what the order says now}, texts and whole numbers only."""
    values = {name: order.ship_to.get(name, "") for name in ADDRESS}
    values |= {name: getattr(order, name) for name in TEXTS}
    return values | {f"qty-{line.pk}": line.quantity - line.cancelled for line in lines}


def operations_of(typed, base, *, added, phone):
    """Return what `typed` changes of `base`, as orders.services.change takes it; raises Invalid when nothing.

    `phone` is the address's own, which is not on the form and stays.
    """
    changed = {name for name, value in typed.items() if value != base.get(name)}
    operations = {name: typed[name] for name in TEXTS if name in changed}
    if changed & set(ADDRESS):
        address = {name: typed[name] for name in ADDRESS} | {"phone": phone}
        operations["ship_to"] = {name: text for name, text in address.items() if text}
    quantities = {name.removeprefix("qty-"): typed[name] for name in changed if name.startswith("qty-")}
    if quantities:
        operations["quantities"] = quantities
    if added:
        operations["add"] = [_added(line) for line in added]
    if not operations:
        raise Invalid("Nothing is changed yet.")
    return operations


def _added(line):
    price = None if line.unit_price is None else str(line.unit_price)
    return {"sku": line.sku, "quantity": line.quantity, "unit_price": price}


def _previewed(request, order, operations):
    """Return the change that was shown with its money, or a new one when something was typed since."""
    pk = request.POST.get("change", "")
    shown = OrderChange.objects.filter(order=order, pk=int(pk)).first() if pk.isascii() and pk.isdigit() else None
    if shown and shown.operations == operations and shown.base_version == order.version:
        return shown
    return changes.preview(order.pk, operations, actor=actor_of(request), version=order.version)


def _typed(form):
    """Return {field: what was typed}, as the form reads it where it can."""
    typed = {**form.data.dict(), **form.cleaned_data}
    return {name: _plain(value) for name, value in typed.items() if name in form.fields}


def _stale(lines, typed, *, base, now, order):
    """Somebody was faster: keep what was typed here, take over what only he changed, show where both did."""
    mine = {name for name in typed if typed[name] != base.get(name, typed[name])}
    theirs = {name for name in now if now[name] != base.get(name)}
    merged = {name: typed[name] if name in mine else now[name] for name in now}
    form = EditForm(lines, initial=merged)
    labels = {name: field.label or name.replace("_", " ").capitalize() for name, field in form.fields.items()}
    both = [(labels[name], now[name], typed[name]) for name in sorted(mine & theirs) if typed[name] != now[name]]
    taken = [(labels[name], now[name]) for name in sorted(theirs - mine)]
    last = entries(order, most=3)
    return form, {"is_stale": True, "both": both, "taken": taken, "last": last}


def _base(request, now):
    """Return the values that the page was opened with."""
    try:
        base = json.loads(request.POST.get("base", ""))
    except (ValueError, RecursionError):
        return now
    return base if isinstance(base, dict) else now


def _blame(form, error):
    field = (error.field or "").removeprefix("ship_to.")
    blame(form, Invalid(error.message, field=field or None))


def _plain(value):
    return value if isinstance(value, int) else str(value).replace("\r\n", "\n")
