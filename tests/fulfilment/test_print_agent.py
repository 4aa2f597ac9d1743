import importlib.util
import os
import socket
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from fulfilment.models import PrintJob, Station
from fulfilment.services import printing
from tests.fulfilment.make import ACTOR
from tests.fulfilment.test_printing import make_label, make_station

AGENT = settings.BASE_DIR / "static/agent/print_agent.py"


def load():
    spec = importlib.util.spec_from_file_location("print_agent", AGENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(server, station, *words):
    """Run the agent until nothing waits; returns what it said."""
    command = [sys.executable, str(AGENT), server.url, "--once", *words]
    environment = {"OMS_STATION_KEY": station.key, "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def job(transactional_db):
    location, document = make_label()
    return printing.send(make_station(location, label_printer="zpl"), document, actor=ACTOR)


@pytest.mark.papers
def test_a_label_goes_to_the_socket_of_the_printer(job, live_server):
    got, printer = [], socket.create_server(("127.0.0.1", 0))

    def listen():
        link, _ = printer.accept()
        with link:
            while data := link.recv(65536):
                got.append(data)

    listener = threading.Thread(target=listen)
    listener.start()
    said = run(live_server, job.station, "--label", f"tcp://127.0.0.1:{printer.getsockname()[1]}")
    listener.join(10)
    printer.close()
    assert "printed" in said
    assert b"".join(got).startswith(b"^XA^PW800")
    assert b"".join(got).endswith(b"^XZ\n")
    job.refresh_from_db()
    assert job.status == "printed"
    assert job.station.is_online or Station.objects.get().is_online


def test_a_printer_that_is_off_prints_nothing_and_says_so(job, live_server, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "failed" in run(live_server, job.station, "--label", f"tcp://127.0.0.1:{port}")
    job.refresh_from_db()
    assert (job.status, "refused" in job.error) == ("failed", True)

    printing.came_out(job.pk, yes=False, actor=ACTOR)
    assert "printed" in run(live_server, job.station, "--label", f"dir:{tmp_path}")
    assert [path.name for path in tmp_path.iterdir()] == [f"{job.pk}.zpl"]
    assert PrintJob.objects.get().status == "printed"


def test_an_agent_with_a_dead_key_ends(job, live_server):
    old = Station.objects.get()
    printing.new_key(old.pk)
    assert "not known any more" in run(live_server, old)
    assert PrintJob.objects.get().status == "queued"


def test_addresses_of_agents_want_a_key(client, db):
    for method, path in (("post", "jobs"), ("get", "jobs/1"), ("post", "jobs/1/outcome"), ("post", "weight")):
        assert getattr(client, method)(f"/print/{path}").status_code == 401
        assert getattr(client, method)(f"/print/{path}", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_weight_is_told_and_nonsense_refused(client, db):
    station = make_station(has_scale=True)
    headers = {"Authorization": f"Bearer {station.key}"}
    assert client.post("/print/weight", {"grams": "850"}, headers=headers).status_code == 204
    assert client.post("/print/weight", {"grams": "-1"}, headers=headers).status_code == 422
    station.refresh_from_db()
    assert station.fresh_weight_g == 850


@pytest.mark.parametrize(
    ("line", "weight"),
    [("ST,GS,+  1.234 kg", 1234), ("850 g", 850), ("0,5kg", 500), ("1 lb", 454), ("ERROR", None), ("12", None)],
)
def test_lines_of_scales_are_read(line, weight):
    assert load().grams(line) == weight
