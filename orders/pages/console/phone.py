"""The phone order: who, what, where, with live price and promise; a minute, hands on the keyboard."""

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render

from oms.lib.console import actor_of, console_page, say, show
from oms.lib.errors import DomainError
from oms.lib.text import clean
from orders.models import Order
from orders.pages.console import phone_form
from orders.pages.console.links import order_page
from orders.pages.console.phone_form import PhoneOrderForm
from orders.services import address_blob, callers, catalogue
from orders.services.draft import place_once, save_draft
from orders.services.quote import quote as make_quote

# What stands in for an address until the caller has told it, so that a price can be named before.
UNKNOWN = {"line1": "–", "city": "–"}


@console_page("orders.add_order")
def phone(request):
    """Take an order, or save it as a draft; the same form sent twice makes one order."""
    form = PhoneOrderForm(request.POST or None, initial={"external_id": phone_form.new_external_id()})
    return _take(request, form, phone_form.rows_of(request.POST))


@console_page("orders.add_order")
def draft(request, pk):
    """Go on with a draft."""
    order = get_object_or_404(Order, pk=pk)
    if order.status != Order.Status.DRAFT and request.method != "POST":
        return HttpResponseRedirect(order_page(pk))
    initial, rows = phone_form.initial_of(order)
    form = PhoneOrderForm(request.POST or None, initial=initial)
    return _take(request, form, phone_form.rows_of(request.POST) if request.method == "POST" else rows, draft=order)


@console_page("orders.add_order")
def quote(request):
    """What the form as it stands would cost and promise: the page's right side, asked at every change."""
    return render(request, "orders/console/quote.html", _quoted(request.POST))


@console_page("orders.add_order")
def skus(request):
    """Goods whose code, barcode or name begins so, with price and what is available: for the type-ahead."""
    found = catalogue.suggest(clean(request.GET.get("q", "")[:60]).strip(), channel_id=request.GET.get("channel", ""))
    return JsonResponse({"found": found})


@console_page("orders.add_order")
def customers(request):
    """Who called: by phone or e-mail, with the addresses he had things sent to."""
    found = callers.recognise(clean(request.GET.get("q", "")[:100]).strip())
    return JsonResponse({"found": found})


@console_page("orders.view_order")
def address(request):
    """A pasted address as fields, with those that should be looked at."""
    parsed = address_blob.parse(
        clean(request.POST.get("blob", "")[:2000]), country=request.POST.get("country", "")[:2].upper()
    )
    fields = {**parsed.address, "email": parsed.email, "phone": parsed.phone}
    found = {name: text for name, text in fields.items() if text}
    return JsonResponse({"fields": found, "doubtful": sorted(parsed.doubtful)})


def _take(request, form, rows, draft=None):
    error, is_stale = None, draft is not None and _is_stale(request, draft)
    if request.method == "POST" and form.is_valid() and not is_stale:
        try:
            order = _save(request, form, draft)
        except DomainError as refused:
            error = refused
            place_ = phone_form.place_of(refused)
            form.add_error(place_ if place_ in form.fields else None, refused.message)
        else:
            return HttpResponseRedirect(order_page(order.pk))
    return show(
        request,
        "orders/console/phone.html",
        title=f"Draft {draft}" if draft else "Phone order",
        status=422 if form.errors or is_stale else 200,
        form=form,
        draft=draft,
        is_stale=is_stale,
        rows=rows,
        blank_rows=range(max(4 - len(rows), 1)),
        wrong_line=error is not None and phone_form.place_of(error) == "lines",
        **(_quoted(request.POST) if rows and request.method == "POST" else {}),
    )


def _is_stale(request, draft):
    """Say whether somebody saved the draft after the page that is sent was opened."""
    return draft.status == Order.Status.DRAFT and request.POST.get("version", str(draft.version)) != str(draft.version)


def _save(request, form, draft):
    """Place the order of a sound form, or save it as draft where that button was pressed."""
    order_in = form.order_in(phone_form.lines_of(request.POST))
    actor = actor_of(request)
    over = {"draft_id": draft.pk, "version": draft.version} if draft else {}
    if request.POST.get("do") == "draft":
        order = save_draft(order_in, **over, actor=actor)
        say(request, f"Draft {order} is saved. Nothing is reserved until it is placed.")
        return order
    order = place_once(order_in, **over, actor=actor)
    say(request, f"Order {order} is placed.")
    return order


def _quoted(data):
    """Return {"quote", "currency"} for what is typed so far, or {"problem", "problem_field"}."""
    form = PhoneOrderForm(data)
    form.is_valid()
    if "channel" not in form.cleaned_data:
        return {"problem": "Choose a channel."}
    for name in ("shipping", "discount"):
        if name in form.errors:
            return {"problem": f"{form[name].label}: {form.errors[name][0]}", "problem_field": name}
    try:
        lines = phone_form.lines_of(data)
        if not lines:
            return {}
        order_in = _unfinished(form, lines)
        return {"quote": make_quote(order_in), "currency": order_in.channel.currency}
    except DomainError as error:
        return {"problem": error.message, "problem_field": error.field or ""}


def _unfinished(form, lines):
    """Return the OrderIn of a form that is still being filled in: what is wrong or missing is left out."""
    for name, field in form.fields.items():
        form.cleaned_data.setdefault(name, None if name in ("shipping", "discount") else "")
        if name == "method":
            form.cleaned_data[name] = form.cleaned_data[name] or field.choices[0][0]
    form.cleaned_data.update(email="", phone="", external_id="quote")
    order_in = form.order_in(lines)
    country = order_in.ship_to.get("country") or order_in.channel.seller.country
    order_in.ship_to = {**UNKNOWN, **order_in.ship_to, "country": country}
    return order_in
