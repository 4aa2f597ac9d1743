"""Fake shops over real HTTP on the loopback, with whatever troubles a test wants."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from urllib.parse import parse_qs, parse_qsl, urlsplit

from orders.channels import poll as polling
from orders.models import Connection
from tests.orders.channels import (
    fake_amazon,
    fake_bigcommerce,
    fake_ebay,
    fake_magento,
    fake_shopify,
    fake_woocommerce,
)
from tests.orders.channels.feed import make_connection

AMAZON = ("/auth/", "/orders/", "/listings/")
EBAY = ("/identity/", "/sell/")


class Shop(ThreadingHTTPServer):
    """What the shop has: `orders` that changed, `goods` {id: {sku, parent, levels {place: pieces}}}.

    `troubles` are answers that come first, one a call: (status, headers), of status 0 none at all. `trouble(call's
    number)` may name more: (status, headers, is it done all the same). `lives` {order's id: what became of it there}.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.orders, self.troubles, self.asked, self.set_sizes = [], [], [], []
        self.goods, self.places, self.refuses = {}, {"1": "Main", "2": "Store"}, {}
        self.lives, self.ids, self.has_tracking = {}, count(1), True
        self.trouble, self.is_asked_since = lambda number: None, False
        self.tokens, self.logins, self.most_found = [], 0, 1000  # Amazon's
        self.lock = Lock()

    def stock(self, sku, place=""):
        """Return how many pieces stand at a SKU, in a place or in all."""
        [levels] = [item["levels"] for item in self.goods.values() if item["sku"] == sku]
        return levels[place] if place else sum(levels.values())


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.work("GET", None)

    def do_POST(self):
        self.work("POST", self.said())

    def do_PUT(self):
        self.work("PUT", self.said())

    def do_PATCH(self):
        self.work("PATCH", self.said())

    def do_DELETE(self):
        self.work("DELETE", None)

    def said(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_form = self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
        return dict(parse_qsl(body.decode())) if is_form else json.loads(body or b"null")

    def work(self, method, said):
        with self.server.lock:  # one call after the other, as a shop's database sees to
            self._work(method, said)

    def _work(self, method, said):
        shop, query = self.server, parse_qs(urlsplit(self.path).query)
        shop.asked.append((self.path, dict(self.headers)))
        status, headers, *is_done = (
            shop.troubles.pop(0) if shop.troubles else shop.trouble(len(shop.asked)) or (200, {}, True)
        )
        if status != 200 and not any(is_done):
            return self.answer(status, {}, headers)
        path = urlsplit(self.path).path
        if path.startswith(AMAZON + EBAY):
            with_tokens = fake_amazon if path.startswith(AMAZON) else fake_ebay
            code, found, more = (*with_tokens.answer(shop, method, path, query, said, self.headers), {})[:3]
            status = code if status == 200 else status
        elif path.endswith("/orders") and method == "GET" or path.endswith("/orders.json"):
            found, more = self.page_of_orders(query)
        else:
            api = fake_woocommerce if "/wp-json/" in path else fake_shopify
            api = fake_bigcommerce if path.startswith(("/v2/", "/v3/")) else api
            api = fake_magento if path.startswith("/rest/") else api
            (code, found), more = api.answer(shop, method, path, query, said), {}
            status = code if status == 200 else status
        return self.answer(status, found, headers | more)

    def page_of_orders(self, query):
        shop = self.server
        since = (query.get("updated_at_min") or query.get("modified_after") or [""])[0]
        searched = query.get("searchCriteria[currentPage]")  # Magento, which answers the last page for any after it
        rows = [row for row in shop.orders if not shop.is_asked_since or changed_at(row) >= since[:19]]
        pages = -(-len(rows) // polling.PER_PAGE)
        if "/wp-json/" in self.path:
            number, more, wrap = int(query["page"][0]), {"X-WP-TotalPages": str(pages)}, lambda rows: rows
        elif "/v2/" in self.path:  # BigCommerce, which answers nothing at all past the last page
            number, more, wrap = int(query["page"][0]), {}, lambda rows: rows or None
        elif searched:
            number, more = min(int(searched[0]), pages), {}
            wrap = lambda rows: {"items": rows, "total_count": len(shop.orders)}  # noqa: E731
        else:
            number = int(query.get("page_info", ["1"])[0])
            link = (
                f'<{shop.url}/admin/api/2025-01/orders.json?page_info={number + 1}&updated_at_min={since}>; rel="next"'
            )
            more, wrap = {"Link": link} if number < pages else {}, lambda rows: {"orders": rows}
        end = number * polling.PER_PAGE
        return wrap(rows[end - polling.PER_PAGE : end]), more

    def answer(self, status, said, headers):
        if not status:
            self.close_connection = True
            return
        body = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def changed_at(row):
    return (row.get("updated_at") or row["date_modified_gmt"])[:19]


@contextmanager
def serving(settings):
    """Yield a Shop that answers."""
    shop = Shop()
    settings.AMAZON_LOGIN_URL = f"{shop.url}/auth/o2/token"
    settings.WEBHOOK_ALLOW = [*settings.WEBHOOK_ALLOW, f"127.0.0.1:{shop.server_port}"]
    Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield shop
    shop.shutdown()
    shop.server_close()


def connect(shop, kind="shopify", *, is_shadow=False, channel=None, **fields):
    """A connection to a Shop, with its keys."""
    made = make_connection(kind=kind, is_shadow=is_shadow, **channel or {})
    made.credentials = {"token": "tok", "key": "ck", "key_secret": "cs"}
    if kind == "amazon":
        made.account, made.marketplaces = fake_amazon.SELLER, fake_amazon.MARKETPLACE
    if kind == "magento":
        shop.places = {"default": "Main", "annex": "Annex"}
    for name, value in ({"base_url": shop.url} | fields).items():
        setattr(made, name, value)
    made.save()
    return Connection.objects.get(pk=made.pk)
