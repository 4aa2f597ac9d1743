"""The power fails in mid-manifest and in mid-print: nothing half done, nothing twice without its mark."""

import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from fulfilment.models import Manifest, Parcel, PrintJob
from fulfilment.models.print_job import CONFIRMED_WITHIN
from fulfilment.services import printing
from fulfilment.services.hand_over import hand_over
from inventory.models import Location
from oms.lib import doctor
from oms.outbox.models import Delivery, Event
from oms.papers.models import Document
from tests.deliver import deliver
from tests.fulfilment import road
from tests.fulfilment.make import ACTOR, make_shelf
from tests.fulfilment.paper import text_of
from tests.fulfilment.test_printing import make_label, make_station
from tests.power import cut

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGENT = settings.BASE_DIR / "static/agent/print_agent.py"


def violations():
    return [violation for found in doctor.run() for violation in found.violations]


@pytest.fixture
def parcels(sized):
    shelf = make_shelf(99)
    return [road.shipped(shelf=shelf, number=f"JD{n}").pk for n in range(sized(2, 8))]


def close():
    return hand_over(Location.objects.get(), list(Parcel.objects.values_list("pk", flat=True)), actor=ACTOR)


def test_a_manifest_is_closed_whole_or_not_at_all_wherever_the_power_fails(parcels, sized):
    cuts, after = 0, 1
    while cut(close, after=after):
        assert set(Parcel.objects.values_list("status", "manifest")) == {("shipped", None)}, after
        assert not Manifest.objects.exists()
        assert not Event.objects.filter(name__in=["order.handed_over", "manifest.closed"]).exists()
        assert not Document.objects.filter(kind="manifest").exists()
        cuts, after = cuts + 1, after + sized(3, 1)
    # It came to its end at last: the one after it takes nothing along a second time.
    assert cuts > 5
    assert Manifest.objects.get().parcels.count() == len(parcels)
    again, is_gone = cut(close, after=1), Parcel.objects.filter(status="handed_over").count()
    assert (again, is_gone, Manifest.objects.count()) == (True, len(parcels), 1)
    assert violations() == []


def test_between_the_manifest_and_its_paper_the_paper_is_made_later_once(parcels):
    assert cut(close, after=0)
    manifest = Manifest.objects.closed().get()
    assert manifest.parcels.count() == len(parcels)
    document = Document.objects.get(kind="manifest")
    assert document.status == "queued"
    for after in (2, 6):
        cut(lambda: deliver("oms.papers.tasks.make_document"), after=after)
        release_leases()
    deliver("oms.papers.tasks.make_document")
    assert Document.objects.filter(kind="manifest", status="ready", reprints=0).count() == 1
    assert violations() == []


def release_leases():
    """The leases of killed workers have run out."""
    now = timezone.now()
    Delivery.objects.pending().update(lease_until=None, queued_until=None, next_attempt_at=now)


def carelessly():
    """What `hand_over` would do without its transaction."""
    manifest = Manifest.objects.create(
        location=Location.objects.get(),
        carrier=Parcel.objects.first().carrier,
        handed_over_at=timezone.now(),
        handed_over_by=ACTOR,
    )
    for pk in Parcel.objects.order_by("pk").values_list("pk", flat=True):
        Parcel.objects.filter(pk=pk).update(status="handed_over", manifest=manifest)


@pytest.mark.corrupt
def test_control_without_a_transaction_half_a_manifest_is_left(parcels):
    assert cut(carelessly, after=6)
    assert set(Parcel.objects.values_list("status", flat=True)) == {"handed_over", "shipped"}
    cut(carelessly, after=0)
    assert Manifest.objects.count() == 2


class Relay(BaseHTTPRequestHandler):
    """Between agent and server; cuts the agent's power when it has asked for `dies_at`, the answer on its way."""

    def do_GET(self):
        self._pass(None)

    def do_POST(self):
        self._pass(self.rfile.read(int(self.headers["Content-Length"])))

    def _pass(self, body):
        power = self.server.power
        if power.dies_at == "outcome" and self.path.endswith("/outcome"):
            return power.cut()  # printed, and nobody is told
        headers = {"Authorization": self.headers["Authorization"]}
        request = urllib.request.Request(power.server + self.path, body, headers, method=self.command)
        try:
            with urllib.request.urlopen(request) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, b""
        asked = "jobs" if self.path.endswith("/jobs") else "content"
        if asked == power.dies_at and not self.path.endswith("/outcome"):
            return power.cut()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words):
        """Say nothing."""


class Bench:
    """A station's computer: its agent prints into a folder, and its power fails at `dies_at`."""

    def __init__(self, server, station, folder):
        self.server, self.station, self.folder, self.dies_at, self.agent = server, station, folder, "", None
        self.relay = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
        self.relay.power = self
        threading.Thread(target=self.relay.serve_forever, daemon=True).start()

    def run(self, *, dies_at=""):
        """Run the agent until nothing waits, or until its power fails; return what has come out of the printer."""
        self.dies_at = dies_at
        address = f"http://127.0.0.1:{self.relay.server_port}"
        words = [sys.executable, str(AGENT), address, "--once", "--label", f"dir:{self.folder}"]
        environment = {"OMS_STATION_KEY": self.station.key, "PATH": os.environ["PATH"]}
        self.agent = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        code = self.agent.wait(60)
        assert code == (-signal.SIGKILL if dies_at else 0)
        return self.printed()

    def cut(self):
        self.agent.kill()
        self.agent.wait(60)

    def printed(self):
        """Return of each label that came out whether it is marked, in the order of their jobs."""
        files = sorted(Path(self.folder).iterdir(), key=lambda path: int(path.stem))
        return ["REPRINT" in "".join(text_of(Print(path.read_bytes()))) for path in files]


class Print:
    def __init__(self, content):
        self.content = content


@pytest.fixture
def bench(live_server, tmp_path):
    location, document = make_label()
    station = make_station(location, label_printer="pdf")
    printing.send(station, document, actor=ACTOR)
    bench = Bench(live_server.url, station, tmp_path)
    yield bench
    bench.relay.shutdown()
    bench.relay.server_close()


@pytest.mark.papers
@pytest.mark.parametrize(("dies_at", "came_out"), [("jobs", []), ("content", []), ("outcome", [False])])
def test_a_label_comes_out_once_without_its_mark_wherever_the_agent_dies(bench, dies_at, came_out):
    assert bench.run(dies_at=dies_at) == came_out
    for _ in range(2):
        assert bench.run() == came_out, "it is not printed again by itself"
    PrintJob.objects.update(sent_at=timezone.now() - 2 * CONFIRMED_WITHIN)
    [job] = PrintJob.objects.doubtful()
    assert bench.run() == came_out

    printing.came_out(job.pk, yes=False, actor=ACTOR)
    assert bench.run() == [*came_out, True]
    assert bench.run() == [*came_out, True]
    assert not PrintJob.objects.troubled().exists()
    assert violations() == []


@pytest.mark.papers
def test_the_server_dies_while_it_hands_a_job_over(bench):
    """Before its commit it has handed nothing over; after it the job is with the printer, whoever heard of it."""
    after = 1
    while cut(lambda: printing.take(bench.station), after=after):
        assert PrintJob.objects.get().status == "queued", after
        after += 1
    assert after > 2
    assert bench.run() == []
    printing.came_out(PrintJob.objects.get().pk, yes=False, actor=ACTOR)
    assert bench.run() == bench.run() == [True]


@pytest.mark.corrupt
@pytest.mark.papers
def test_control_an_agent_that_is_given_the_job_until_it_confirms_prints_it_twice(bench):
    bench.run(dies_at="outcome")
    PrintJob.objects.update(status="queued")
    for path in bench.folder.iterdir():
        path.rename(path.with_name(f"0{path.name}"))
    assert bench.run() == [False, False]
