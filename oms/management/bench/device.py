"""A device of the floor: it is logged in by badge, and sees of a page what its person would."""

import html
import http.client
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.core import signing

from fulfilment.pages.door import STATION

FORM = "application/x-www-form-urlencoded"
MOST_HOPS = 4
PATIENCE_S = 600


@dataclass
class Page:
    """A page of the floor as it was answered, and what stands on it."""

    path: str
    text: str

    @cached_property
    def alarms(self):
        """What was refused."""
        return [html.unescape(words) for words in re.findall(r'class="alarm"[^>]*><p>(.*?)</p>', self.text, re.S)]

    @cached_property
    def plan(self):
        """The picks that are left on a walk, as sync.plan_of says them."""
        return json.loads(self.find(r'<script id="plan" type="application/json">(.*?)</script>', "[]"))

    @property
    def task(self):
        """The pick that the picker is at, or None."""
        return self.plan[0] if self.plan else None

    @property
    def order(self):
        """The number of the order that is picked."""
        return self.find(r"data-online>order ([^<]+)</span>")

    @property
    def lists(self):
        """The pick lists that wait."""
        return [int(pk) for pk in re.findall(r'class="row big" href="/floor/lists/(\d+)/"', self.text)]

    @property
    def totes(self):
        """The totes of a walk that is done, without those whose order is cancelled."""
        found = re.findall(r'<b>tote (\d+)</b> <span>order [^<]+</span> <span class="(\w+)">', self.text)
        return [int(tote) for tote, tone in found if tone != "bad"]

    @property
    def manifests(self):
        """What may be handed over: [(carrier's id, [ids of the parcels that are ticked])]."""
        forms = re.findall(r'<form method="post">(.*?)</form>', self.text, re.S)
        rows = [
            (re.search(r'name="carrier" value="(\d*)"', form), re.findall(r'name="parcel" value="(\d+)" checked', form))
            for form in forms
        ]
        return [(carrier[1], parcels) for carrier, parcels in rows if carrier and parcels]

    @property
    def items(self):
        """What is still to be packed: {SKU code: pieces}."""
        rows = re.findall(r"<b>(\d+)</b> / (\d+)</span><span><b>([^<]+)</b>", self.text)
        left = Counter()
        for packed, wanted, code in rows:
            left[html.unescape(code)] += int(wanted) - int(packed)
        return +left

    @property
    def first_box(self):
        """What goes into this parcel where several are proposed: {SKU code: pieces}; else None."""
        if not re.search(r"\d parcels</b>: this is the first", self.text):
            return None
        box = Counter()
        for count, code in re.findall(r"<li>(?:(\d+) × )?([^<]+)</li>", self.text):
            box[html.unescape(code)] += int(count or 1)
        return box

    @property
    def carton(self):
        """The carton that the open parcel is to be closed in."""
        return self.find(r'class="parcel">.*?name="carton" value="([^"]+)"')

    @property
    def weight_g(self):
        return int(self.find(r'name="weight_g"[^>]*value="(\d+)"', "0"))

    @property
    def is_stopped(self):
        return "<h1>STOP</h1>" in self.text

    def value(self, name):
        """Return what the first field `name` holds, or ""."""
        return html.unescape(self.find(rf'name="{name}" value="([^"]*)"'))

    def find(self, pattern, default=""):
        found = re.search(pattern, self.text, re.S)
        return found[1] if found else default


class Device:
    """Speaks HTTP with the server at `port` as a browser does: cookies, the CSRF token, a page after each form."""

    def __init__(self, port, *, station, badge):
        self.port = port
        # Somebody chose the device's station once, by password.
        self.cookies = {STATION: signing.get_cookie_signer(salt=STATION + STATION).sign(station.pk)}
        self.get("/floor/badge/")
        page = self.post("/floor/badge/", scan=f"BADGE {badge}")
        if page.path != "/floor/":
            raise RuntimeError(f"The badge opens nothing: {page.text[:300]}")

    def get(self, path):
        """Return the Page at `path`, wherever that leads."""
        for _ in range(MOST_HOPS):
            status, answer = self._ask("GET", path)
            if status != 302:
                return Page(path, answer)
            path = answer
        raise RuntimeError(f"{path} leads nowhere.")

    def post(self, path, **form):
        """Send a form and return the Page that it leads to."""
        status, answer = self._ask("POST", path, urlencode(form, doseq=True))
        return self.get(answer) if status == 302 else Page(path, answer)

    def step(self, path, **form):
        """Send a form of a walk as its script does, and return the Page that it goes to."""
        _, answer = self._ask("POST", path, urlencode(form), **{"X-Walk": "1"})
        return self.get(json.loads(answer)["next"])

    def send(self, path, data):
        """Post `data` as JSON; returns the answer's."""
        return json.loads(self._ask("POST", path, json.dumps(data), **{"Content-Type": "application/json"})[1])

    def _ask(self, method, path, body=None, **headers):
        """Return (status, the text, or the path that it leads to)."""
        headers = {"Content-Type": FORM} | headers if body is not None else headers
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        status, answer, text = ask(self.port, method, path, body, headers)
        for line in answer.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if status == 302:
            to = urlsplit(answer["Location"])
            return status, to.path + (f"?{to.query}" if to.query else "")
        return status, text


def ask(port, method, path, body, headers):
    """Return (status, headers, text) of one request; raises RuntimeError for what a person would not go on after."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        link.request(method, path, body, headers)
        answer = link.getresponse()
        text = answer.read().decode()
    finally:
        link.close()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
    return answer.status, answer.headers, text
