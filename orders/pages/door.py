"""The door of the customer's pages: who has a good link comes in, in his language, and nothing is kept behind him."""

from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from oms.lib.colors import readable
from orders.customer.brand import brand_of
from orders.customer.links import order_of
from orders.customer.reader import reader_of
from orders.models import Order
from orders.pages.forms import FreshLinkForm


def customer_page(view):
    """Give `view(request, order, reader, **kwargs)` the order that the address' token names, instead of the token.

    A link that is forged or too old shows the page that offers a fresh one, with status 404: it tells
    nothing of whether there is such an order.
    """

    @wraps(view)
    def enter(request, token, **kwargs):
        order = order_of(token, orders=Order.objects.select_related("channel__seller", "pickup_location"))
        if order is None:
            return no_order(request)
        reader = reader_of(order, language=request.GET.get("lang"))
        with translation.override(reader.language):
            return private(view(request, order, reader, **kwargs))

    return enter


def show(request, template, order, reader, context, *, status=200):
    """Return the page `template` about `order` in its channel's colours."""
    page = {
        "order": order,
        "channel": order.channel,
        "country": reader.country(order.ship_country),
        "brand": brand_of(order.channel),
        "token": request.resolver_match.kwargs["token"],
        "lang": reader.language,
        "languages": _languages(reader.language),
        "query": f"?lang={reader.language}" if "lang" in request.GET else "",
    }
    return render(request, template, page | context, status=status)


def back(request, *, said):
    """Return to the order's page, in the language of this one, with the notice `said` on it."""
    query = {"said": said} | ({"lang": request.GET["lang"]} if "lang" in request.GET else {})
    page = reverse("customer_order", args=[request.resolver_match.kwargs["token"]])
    return redirect(f"{page}?{urlencode(query)}")


def no_order(request, *, form=None, is_sent=False, status=404):
    """Return the page of whoever has no good link: it offers to mail a fresh one."""
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language_from_request(request)
    with translation.override(language):
        context = {
            "form": form or FreshLinkForm(),
            "is_sent": is_sent,
            "is_lost": status == 404,
            "brand": {"colour": readable(""), "ink": "#ffffff"},
            "lang": language,
            "languages": _languages(language),
        }
        return private(render(request, "orders/customer/no_order.html", context, status=status))


def private(response):
    """Keep `response` out of caches and search engines, and the link out of other sites' logs.

    "same-origin" and not "no-referrer": with that, browsers send "Origin: null" and no form of ours
    would be taken.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _languages(active):
    return [(code, name) for code, name in (("en", "English"), ("de", "Deutsch")) if code != active]
