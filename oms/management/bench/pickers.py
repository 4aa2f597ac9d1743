"""Pickers by the scan page's own requests: some bins are short, some scans wrong, one has no connection for a while."""

import json
import random
import time
from dataclasses import dataclass, field
from itertools import count
from queue import Queue
from threading import Lock

from oms.management.bench.device import ask

LISTS = "/floor/lists/"
WRONG_ONE_IN, SHORT_ONE_IN = 100, 50  # scans, picks
ALONE = 6  # picks without a connection
ALONE_S = 1
STOP_S = 900
REASONS = ("missing", "damaged", "wrong_item")


class EveryNth:
    """Says yes once in `nth` calls, to whichever thread asks, the first time at the second."""

    def __init__(self, nth):
        self.nth, self.calls = nth, count(nth - 2)

    def __call__(self):
        return next(self.calls) % self.nth == 0


@dataclass
class Shift:
    """What the pickers of a day share: what goes wrong, which lists are taken, the totes for the packers.

    `cancellable` are numbers of orders that the shop, by its API key, may cancel while they are picked.
    """

    port: int
    key: str
    codes: list
    bins: list
    cancellable: set
    cancels: int
    is_wrong: EveryNth = field(default_factory=lambda: EveryNth(WRONG_ONE_IN))
    is_short: EveryNth = field(default_factory=lambda: EveryNth(SHORT_ONE_IN))
    lock: Lock = field(default_factory=Lock)
    taken: set = field(default_factory=set)
    totes: Queue = field(default_factory=Queue)
    cancelled: list = field(default_factory=list)

    def may_cancel(self, number):
        """Whether the customer of order `number` is the next to change his mind."""
        with self.lock:
            is_next = len(self.cancelled) < self.cancels and number in self.cancellable - set(self.cancelled)
            self.cancelled += [number] if is_next else []
            return is_next

    def cancel(self, number):
        """Cancel an order as the shop does."""
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"cancel-{number}"}
        body = json.dumps({"reason": "changed mind"})
        ask(self.port, "POST", f"/api/v1/orders/{number}/cancel", body, headers | {"Content-Type": "application/json"})


class Picker:
    """One picker with a hand-held; counts what he did, and how long each scan took until its next page was there."""

    def __init__(self, device, shift, *, seed, loses_connection=False):
        self.device, self.shift, self.loses_connection = device, shift, loses_connection
        self.dice = random.Random(seed)
        self.scan_ms, self.stop_s = [], []
        self.pieces = self.picks = self.shorts = self.wrong = self.refused = self.alone = 0

    def work(self):
        """Take list after list until none waits."""
        while pk := self._claim():
            self._walk(f"{LISTS}{pk}/", pk)

    def _claim(self):
        """Take the first list that nobody took: people call out to each other."""
        with self.shift.lock:
            waiting = [pk for pk in self.device.get(LISTS).lists if pk not in self.shift.taken]
            self.shift.taken |= set(waiting[:1])
            return waiting[0] if waiting else None

    def _walk(self, path, pk):
        page = self.device.get(path)
        while task := page.task:
            if self.loses_connection and self.picks > 1:
                page = self._alone(path, page)
                continue
            before, page = page, self._step(path, page)
            if page.task is None or page.task["task"] != task["task"]:
                self.picks += 1
                page = self._hear_of_cancels(path, before, page)
        for tote in page.totes:
            self.shift.totes.put(f"L{pk}-{tote}")

    def _step(self, path, page):
        """Do what the page asks for; returns the next one."""
        task, step = page.task, page.value("step")
        if step == "bin":
            if self.shift.is_wrong():
                return self._scan_wrong(path, page, self._other(self.shift.bins, [task["bin"]]))
            return self._send(path, page, do="scan", scan=task["bin"])
        if step == "count":
            return self._take(path, page, task["left"], do="count", count=task["left"])
        if page.value("got") == "0" and self.shift.is_short():
            return self._fall_short(path, page)
        if self.shift.is_wrong():
            return self._scan_wrong(path, page, self._other(self.shift.codes, task["codes"]))
        code, pieces = _best(task["codes"], task["left"] - int(page.value("got")))
        if task["left"] > 3 and pieces < task["left"]:
            return self._send(path, page, do="scan", scan=code)
        return self._take(path, page, pieces, do="scan", scan=code)

    def _take(self, path, page, pieces, **form):
        self.pieces += pieces
        return self._send(path, page, **form)

    def _fall_short(self, path, page):
        self.shorts += 1
        taken = page.task["left"] // 2
        return self._take(path, page, taken, do="short", count=taken, reason=self.dice.choice(REASONS))

    def _scan_wrong(self, path, page, code):
        """Scan what does not belong here: it must be refused, and nothing may move."""
        self.wrong += 1
        after = self._send(path, page, do="scan", scan=code, is_refused=True)
        if after.task != page.task:
            raise RuntimeError(f"{code} moved {page.task}.")
        self.refused += 1
        return after

    def _send(self, path, page, *, is_refused=False, **form):
        fields = {"task": page.task["task"], "step": page.value("step"), "got": page.value("got")}
        began = time.perf_counter()
        after = self.device.step(path, **fields | {"picked": page.value("picked")} | form)
        self.scan_ms.append((time.perf_counter() - began) * 1000)
        if bool(after.alarms) != is_refused:
            raise RuntimeError(f"{form} of {page.task}: {after.alarms or 'was not refused'}")
        return after

    def _alone(self, path, page):
        """Go on without a connection, by the plan on the page; what was kept is sent late, and then once more."""
        self.loses_connection = False
        tasks, first = page.plan[:ALONE], page.task
        wrong = {"task": first["task"], "picked": 0, "short": "", "at": "item", "when": int(time.time() * 1000)}
        acts = [wrong | {"wrong": self._other(self.shift.codes, first["codes"])}]
        acts += [{"task": row["task"], "picked": row["picked"] + row["left"], "short": ""} for row in tasks]
        time.sleep(ALONE_S)
        for _ in range(2):
            self.device.send(f"{path}sync/", {"acts": acts})
        self.pieces += sum(row["left"] for row in tasks)
        self.alone, self.picks = len(tasks), self.picks + len(tasks)
        self.wrong, self.refused = self.wrong + 1, self.refused + 1
        after = self.device.get(path)
        if after.alarms or {row["task"] for row in tasks} & {row["task"] for row in after.plan}:
            raise RuntimeError(f"What was done alone did not count: {after.alarms}")
        return after

    def _hear_of_cancels(self, path, before, page):
        """Of some orders the rest is cancelled when their first piece is in the tote: wait until the page says so."""
        tote, number = before.task["tote"], before.order
        if not any(row["tote"] == tote for row in page.plan) or not self.shift.may_cancel(number):
            return page
        began = time.perf_counter()
        self.shift.cancel(number)
        while any(row["tote"] == tote for row in page.plan):
            if time.perf_counter() - began > STOP_S:
                raise RuntimeError(f"Order {number} was cancelled, and is still to be picked.")
            time.sleep(0.2)
            page = self.device.get(path)
        self.stop_s.append(time.perf_counter() - began)
        return page

    def _other(self, codes, own):
        return next(code for code in iter(lambda: self.dice.choice(codes), None) if code not in own)


def _best(codes, left):
    """Return (code, pieces) of the largest pack that is not more than `left`."""
    return max(((code, n) for code, n in codes.items() if n <= left), key=lambda row: row[1])
