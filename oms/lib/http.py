"""Calls to addresses that others chose: only outwards, never into our own network, never for long."""

import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from threading import Thread, Timer
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

MAX_ANSWER = 65_536  # bytes; more is cut off
LONGEST_WAIT_S = 3600
# Names that only lead to ourselves or to our own network (RFC 6761, RFC 6762, ICANN's .internal).
INSIDE = ("localhost", "local", "internal")
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # leads to any IPv4 address, private ones included


class HttpError(Exception):
    """The call was not allowed or not answered; `retry` says whether a later try can succeed."""

    def __init__(self, message, *, retry):
        super().__init__(message)
        self.retry = retry


@dataclass(frozen=True)
class Answer:
    """What came back; a redirect is an answer like any other and is not followed."""

    status: int
    body: bytes
    headers: dict = field(default_factory=dict, compare=False)  # {name in lower case: value}

    @property
    def is_ok(self):
        return 200 <= self.status < 300

    @property
    def wait_s(self):
        """How many seconds Retry-After asks to be left alone, an hour at most; half a minute where it names a date."""
        said = self.headers.get("retry-after", "").strip().partition(".")[0]
        if not said:
            return 0
        return min(int(said), LONGEST_WAIT_S) if said.isascii() and said.isdigit() and len(said) < 8 else 30


def post(url, body, *, headers, timeout_s=10):
    """POST the bytes `body` to `url` and return the Answer, as `call` does."""
    return call("POST", url, body, headers=headers, timeout_s=timeout_s)


def call(method, url, body=None, *, headers, timeout_s=10, most=MAX_ANSWER):
    """Send a request to `url` and return the Answer, at most `most` bytes of it, in `timeout_s` altogether.

    https to public addresses only, but for settings.WEBHOOK_ALLOW ("host:port"). The name is resolved
    once and that address is connected to, so that a second answer of the DNS cannot lead inside. Raises
    HttpError.
    """
    ends = monotonic() + timeout_s
    scheme, host, port, path = _parts(url)
    address = _address(host, port, timeout_s)
    timeout_s = max(0.1, ends - monotonic())
    connection = _Connection(scheme, host, port, address, timeout_s)
    alarm = Timer(timeout_s, connection.cut)
    alarm.start()
    try:
        connection.request(method, path, body, {"User-Agent": "oms", **headers})
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(most), told)
    except (OSError, HTTPException) as error:
        said = f"no answer in {timeout_s:.0f} s" if connection.is_cut else f"{type(error).__name__}: {error}"
        raise HttpError(f"{host}: {said}", retry=True) from error
    finally:
        alarm.cancel()
        connection.close()


def check_url(url):
    """Raise HttpError when `url` may never be called, without asking the DNS: for the moment it is entered."""
    _, host, port, _ = _parts(url)
    literal = _literal(host)
    if host.rstrip(".").rpartition(".")[2] in INSIDE and not _is_allowed(host, port):
        raise HttpError(f"{host} is not a public address: its name is known in its own network only.", retry=False)
    if literal and not _is_allowed(host, port) and not is_public(literal):
        raise HttpError(f"{host} is not a public address: it is {literal}.", retry=False)


def _parts(url):
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        raise HttpError("Not an address.", retry=False) from None
    if not parts.hostname or port is None or parts.username is not None or not url.isascii() or " " in url:
        raise HttpError("Not an https address.", retry=False)
    if parts.scheme != "https" and not _is_allowed(parts.hostname, port):
        raise HttpError("Only https addresses are called.", retry=False)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port, path


def _is_allowed(host, port):
    return f"{host}:{port}" in settings.WEBHOOK_ALLOW


def _literal(host):
    """Return the IP address that `host` is, in any way the system reads one (127.1, 0x7f.1, 2130706433), or None."""
    with suppress(ValueError):
        return str(ipaddress.ip_address(host.partition("%")[0]))
    with suppress(OSError, UnicodeError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def _address(host, port, timeout_s):
    """Return the address to connect to; all that the name stands for must be public."""
    addresses = _resolve(host, port, timeout_s)
    inside = [address for address in addresses if not is_public(address)]
    if inside and not _is_allowed(host, port):
        raise HttpError(f"{host} is not a public address: it is {inside[0]}.", retry=False)
    return addresses[0]


def _resolve(host, port, timeout_s):
    """Return the addresses of `host`, asked once; a DNS server that is silent ends with our time, not with its own."""
    literal, found = _literal(host), []
    if literal:
        return [literal]

    def ask():
        try:
            found.append([entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            found.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout_s)
    answer = found[0] if found else TimeoutError("the DNS did not answer")
    if isinstance(answer, Exception):
        raise HttpError(f"{host} is not known: {answer}", retry=True) from answer
    return answer


def is_public(address):
    """Say whether an IP address (text) is reached over the internet and is not ours or a neighbour's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        ip = ip.ipv4_mapped or ip.sixtofour or ip
        if ip.version == 6 and (ip.teredo or ip in NAT64):
            return False
    return ip.is_global and not ip.is_multicast


@cache
def _tls():
    """Return what checks certificates; to read those that are trusted takes longer than most calls."""
    return ssl.create_default_context()


class _Connection(HTTPConnection):
    """Connects to the address given, and is `host` to the other side and to its certificate."""

    def __init__(self, scheme, host, port, address, timeout_s):
        super().__init__(host, port, timeout=timeout_s)
        self.scheme, self.address, self.is_cut = scheme, address, False
        self.default_port = 443 if scheme == "https" else 80

    def connect(self):
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.scheme == "https":
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self):
        """End the call from another thread: a server that sends a byte now and then must not hold a worker."""
        self.is_cut = True
        with suppress(OSError, AttributeError):  # it may have ended meanwhile
            self.sock.shutdown(socket.SHUT_RDWR)
