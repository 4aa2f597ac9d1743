#!/usr/bin/env python3
"""Print agent of a station: fetches what is to be printed, and tells what lies on the scale. Python 3.9, nothing else.

    OMS_STATION_KEY=... python3 print_agent.py https://oms.example.com --label tcp://192.0.2.7:9100 --paper lp:office

A printer is `tcp://host:port` (the bytes as they are, for a printer that speaks ZPL or prints PDF),
`lp:name` (a queue of this computer's printing system), or `dir:folder` (files, to try it).
`--scale` is the device or file a scale writes lines to, as "1.234 kg" or "850 g".

Each job is handed over once. What the agent cannot know (power cut, connection lost in the middle) it says so,
and the person at the printer is asked; it never prints a job a second time by itself.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

EVERY_S = 1.0
PATIENCE_S = 20
UNITS_G = {"kg": 1000, "g": 1, "lb": 453.59237, "oz": 28.349523125}


class NotPrinted(Exception):
    """Nothing came out, for sure."""


class Server:
    """The order system, seen with this station's key."""

    def __init__(self, address, key):
        self.address, self.key = address.rstrip("/"), key

    def call(self, path, data=None, method="POST"):
        body = urllib.parse.urlencode(data or {}).encode() if method == "POST" else None
        headers = {"Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.address}/print/{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.read()


def print_to(printer, content, job):
    """Send bytes to a printer; raises NotPrinted when it took nothing, OSError when it broke off in between."""
    kind, _, where = printer.partition(":")
    if kind == "tcp":
        _to_socket(where.lstrip("/"), content)
    elif kind == "lp":
        _to_queue(where, content)
    elif kind == "dir":
        end = "zpl" if content.startswith(b"^XA") else "pdf"
        with open(os.path.join(where, f"{job}.{end}"), "xb") as file:
            file.write(content)
    else:
        raise NotPrinted("no such printer: write tcp://host:port, lp:name or dir:folder")


def _to_socket(where, content):
    host, _, port = where.rpartition(":")
    try:
        link = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        raise NotPrinted(str(error)) from error
    with link:
        link.sendall(content)
        link.shutdown(socket.SHUT_WR)


def _to_queue(name, content):
    try:
        done = subprocess.run(["lp", "-d", name, "-s"], input=content, capture_output=True, timeout=PATIENCE_S)
    except FileNotFoundError as error:
        raise NotPrinted("this computer has no lp") from error
    if done.returncode:
        raise NotPrinted(done.stderr.decode(errors="replace").strip()[:200] or "lp refused")


def run_job(server, job, printers):
    """Print a job and say what became of it."""
    outcome, error = "printed", ""
    try:
        printer = printers.get(job["kind"])
        if not printer:
            raise NotPrinted(f"the agent was started without --{job['kind']}")
        try:
            content = server.call(f"jobs/{job['id']}", method="GET")
        except OSError as failure:
            raise NotPrinted(f"it could not be fetched: {failure}") from failure
        print_to(printer, content, job["id"])
    except NotPrinted as failure:
        outcome, error = "failed", str(failure)
    except (OSError, subprocess.TimeoutExpired) as failure:
        outcome, error = "unsure", str(failure)
    print(f"{job['title']}: {outcome} {error}".rstrip(), flush=True)
    _say(server, job, outcome, error)


def _say(server, job, outcome, error):
    """Say it until somebody hears; if this agent dies before, the person at the printer is asked."""
    while True:
        try:
            server.call(f"jobs/{job['id']}/outcome", {"outcome": outcome, "error": error[:200]})
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(EVERY_S)


def grams(line):
    """Return what a line of a scale says, in grams, or None: "ST,GS  1.234 kg" is 1234."""
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(kg|g|lb|oz)\b", line, re.IGNORECASE)
    return round(float(found[1].replace(",", ".")) * UNITS_G[found[2].lower()]) if found else None


def watch_scale(server, path):
    """Tell each new weight, and the same one again before it is stale."""
    last, told = None, 0.0
    with open(path, errors="replace") as scale:
        while True:
            line = scale.readline()
            if not line:
                time.sleep(0.2)
            weight = grams(line) if line else last
            if weight is None or (weight == last and time.monotonic() - told < 4):
                continue
            last, told = weight, time.monotonic()
            try:
                server.call("weight", {"grams": weight})
            except OSError:
                time.sleep(EVERY_S)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("server", help="where the order system is, https://...")
    words.add_argument("--label", help="printer of labels")
    words.add_argument("--paper", help="printer of slips and lists")
    words.add_argument("--scale", help="what the scale writes to")
    words.add_argument("--once", action="store_true", help="print what waits, then end")
    given = words.parse_args()
    key = os.environ.get("OMS_STATION_KEY") or sys.exit("Set OMS_STATION_KEY to the station's key.")
    server, printers = Server(given.server, key), {"label": given.label, "paper": given.paper}
    if given.scale:
        threading.Thread(target=watch_scale, args=(server, given.scale), daemon=True).start()
    while True:
        try:
            jobs = json.loads(server.call("jobs"))["jobs"]
        except urllib.error.HTTPError as error:
            if error.code == 401:
                sys.exit("The key is not known any more: copy the station's new one from the console.")
            jobs = []
        except OSError as error:
            print(f"The server does not answer: {error}", flush=True)
            jobs = []
        for job in jobs:
            run_job(server, job, printers)
        if given.once:
            return
        time.sleep(EVERY_S)


if __name__ == "__main__":
    main()
