import socket
import threading
from contextlib import contextmanager, suppress
from time import monotonic

import pytest

from oms.lib.http import Answer, HttpError, check_url, is_public, post

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def server(settings, speak):
    """A server on this machine that runs `speak(connection, request)` once; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings.WEBHOOK_ALLOW = [f"127.0.0.1:{port}"]
        thread = threading.Thread(target=serve, args=(listening, speak))
        thread.start()
        yield f"http://127.0.0.1:{port}/hook?a=1"
        thread.join(20)


def serve(listening, speak):
    connection, _ = listening.accept()
    with connection:
        speak(connection, connection.recv(65536))


def test_posts_and_answers(settings):
    got = []

    def speak(connection, request):
        got.append(request)
        connection.sendall(OK)

    with server(settings, speak) as url:
        assert post(url, b"{}", headers={"X-Sign": "s"}) == Answer(200, b"ok")
    assert got[0].startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert b"X-Sign: s\r\n" in got[0]


def test_redirect_is_not_followed(settings):
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with server(settings, lambda connection, request: connection.sendall(moved)) as url:
        answer = post(url, b"{}", headers={})
    assert (answer.status, answer.is_ok) == (302, False)


def test_dripping_server_holds_nobody(settings):
    def drip(connection, request):
        try:
            for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
                connection.sendall(bytes([letter]))
                threading.Event().wait(0.1)
        except OSError:
            pass

    start = monotonic()
    with server(settings, drip) as url, pytest.raises(HttpError) as error:
        post(url, b"{}", headers={}, timeout_s=1)
    assert monotonic() - start < 5
    assert error.value.retry
    assert str(error.value) == "127.0.0.1: no answer in 1 s"


def test_endless_answer_is_cut_off(settings):
    def flood(connection, request):
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000)

    with server(settings, flood) as url:
        assert len(post(url, b"{}", headers={}).body) == 65_536


def test_nobody_there_can_be_tried_again(settings):
    settings.WEBHOOK_ALLOW = ["127.0.0.1:9"]
    with pytest.raises(HttpError) as error:
        post("http://127.0.0.1:9/", b"{}", headers={})
    assert error.value.retry


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "2130706433"]
)
def test_inside_is_not_called(host):
    with pytest.raises(HttpError, match="not a public address|not known") as error:
        post(f"https://{host}/", b"{}", headers={})
    assert "not known" in str(error.value) or not error.value.retry


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_private_addresses_are_known(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://", "//x", "file:///etc/passwd", "https://u:p@example.com/", "https://a b/", "x"],
)
def test_only_plain_https_is_taken(url):
    with pytest.raises(HttpError) as error:
        check_url(url)
    assert not error.value.retry
    check_url("https://example.com/hook")


INSIDE = ["127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "[::ffff:127.0.0.1]"]
INSIDE += ["[::ffff:a9fe:a9fe]", "169.254.169.254", "[::]", "[fc00::1]", "[fdff::1]", "[fe80::1]", "[64:ff9b::7f00:1]"]


@pytest.mark.parametrize("host", INSIDE)
def test_every_way_to_write_an_inner_address_is_refused_with_the_reason(host):
    for call in (lambda url: check_url(url), lambda url: post(url, b"{}", headers={})):
        with pytest.raises(HttpError, match="is not a public address: it is ") as error:
            call(f"https://{host}/")
        assert not error.value.retry


@pytest.fixture
def dns(monkeypatch):
    """Return `dns(*answers)`: what the DNS says one time after the other; `.called` are the addresses connected to."""
    called = []

    def connect(address, timeout):
        called.append(address[0])
        raise ConnectionRefusedError

    def answer(*answers):
        left = iter(answers)
        entries = lambda *args, **kwargs: [(2, 1, 6, "", (ip, 443)) for ip in next(left)]  # noqa: E731
        monkeypatch.setattr("oms.lib.http.socket.getaddrinfo", entries)
        return called

    monkeypatch.setattr("oms.lib.http.socket.create_connection", connect)
    return answer


def test_second_answer_of_the_dns_leads_nowhere(dns):
    called = dns(["203.0.114.7"], ["127.0.0.1"])
    with pytest.raises(HttpError, match="ConnectionRefused"):
        post("https://rebind.example/", b"{}", headers={})
    assert called == ["203.0.114.7"], "asked once, and that address is connected to"
    with pytest.raises(HttpError, match=r"rebind.example is not a public address: it is 127\.0\.0\.1"):
        post("https://rebind.example/", b"{}", headers={})
    assert len(called) == 1


def test_one_inner_address_among_public_ones_is_enough(dns):
    called = dns(["203.0.114.7", "10.0.0.1"])
    with pytest.raises(HttpError, match=r"it is 10\.0\.0\.1"):
        post("https://two.example/", b"{}", headers={})
    assert called == []


def test_silent_dns_holds_nobody(monkeypatch):
    silent = threading.Event()
    monkeypatch.setattr("oms.lib.http.socket.getaddrinfo", lambda *args, **kwargs: silent.wait(10) and [])
    start = monotonic()
    with pytest.raises(HttpError, match="the DNS did not answer") as error:
        post("https://slow.example/", b"{}", headers={}, timeout_s=0.1)
    silent.set()
    assert monotonic() - start < 2
    assert error.value.retry


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal"]
)
def test_a_name_that_only_leads_inside_is_refused(host, settings):
    with pytest.raises(HttpError, match="is not a public address") as error:
        check_url(f"https://{host}/x")
    assert not error.value.retry
    settings.WEBHOOK_ALLOW = [f"{host.lower()}:443"]
    check_url(f"https://{host}/x")
    check_url("https://local.example.com/x")
