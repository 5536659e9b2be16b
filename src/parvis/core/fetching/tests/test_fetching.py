"""Fetching: a real server on the loopback, reached only because the test says so."""

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parvis.core.errors import Cancelled, ParvisError
from parvis.core.fetching import (
    BadHeader,
    BadUrl,
    FetchCut,
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    HttpStatus,
    Posted,
    PrivateAddress,
    TooManyRedirects,
    UnknownHost,
    fetch,
    file_name,
    is_public,
    post,
    require_public_url,
)

BODY = b"commune;population\nEvry;66919\n"


class _Handler(BaseHTTPRequestHandler):
    hosts: list[str] = []
    posted: list[tuple[str, bytes, dict[str, str]]] = []
    busy = 0

    def log_message(self, *_: object) -> None:
        """Keep the test quiet."""

    def do_GET(self) -> None:
        type(self).hosts.append(self.headers["Host"])
        getattr(self, "answer_" + self.path.strip("/").split("/")[0].split("?")[0], self.answer_file)()

    def answer_file(self) -> None:
        self._send(200, BODY, {"Content-Disposition": 'attachment; filename="../../etc/données.csv"', "ETag": '"v1"'})

    def answer_missing(self) -> None:
        self._send(404, b"", {})

    def answer_loop(self) -> None:
        self._send(302, b"", {"Location": "/loop"})

    def answer_once(self) -> None:
        self._send(301, b"", {"Location": "/file.csv"})

    def answer_inside(self) -> None:
        self._send(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"})

    def answer_local(self) -> None:
        self._send(302, b"", {"Location": "file:///etc/passwd"})

    def answer_busy(self) -> None:
        type(self).busy += 1
        self._send(503, b"", {}) if type(self).busy % 3 else self.answer_file()

    def answer_down(self) -> None:
        type(self).busy += 1
        self._send(503, b"", {})

    def answer_hung(self) -> None:
        type(self).busy += 1
        if type(self).busy % 2:
            self.close_connection = True
        else:
            self.answer_file()

    def answer_gzip(self) -> None:
        self._send(200, gzip.compress(BODY), {"Content-Encoding": "gzip"})

    def answer_bomb(self) -> None:
        self._send(200, gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).posted.append((self.path, body, dict(self.headers)))
        if self.path == "/mirror":
            self._send(201, (self.headers["X-Mark"] + " " + body.decode()).encode(), {})
        elif self.path in ("/missing", "/endless", "/silent"):
            getattr(self, "answer_" + self.path.strip("/"))()
        elif self.path == "/moved":
            self._send(307, b"", {"Location": "http://169.254.169.254/"})
        else:
            self._send(202, b"y" * 100_000, {"X-Receipt": "42"})

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def answer_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")

    def answer_huge(self) -> None:
        self._send(200, b"", {"Content-Length": str(10**12)})

    def answer_nowhere(self) -> None:
        self._send(302, b"", {"Location": "http://[::1"})

    def answer_countless(self) -> None:
        self._send(200, b"", {"Content-Length": "9" * 5_000})

    def answer_silent(self) -> None:
        time.sleep(3)

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.encode().decode("latin-1"))
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def loopback_only(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> bool:
    return address.is_loopback or is_public(address, port)


def test_a_file_comes_with_a_safe_name_and_the_host_of_its_address(port: int, tmp_path: Path) -> None:
    steps = []
    fetched = fetch(
        f"http://donnees.example:{port}/file.csv?annee=2024&nom=Évry",
        tmp_path / "f",
        max_bytes=1000,
        progress=lambda *step: steps.append(step),
        allowed=loopback_only,
        resolver=lambda host, _: ["127.0.0.1"] if host == "donnees.example" else [],
    )
    assert fetched.path.read_bytes() == BODY
    assert (fetched.name, fetched.bytes, fetched.etag) == ("données.csv", len(BODY), '"v1"')
    assert steps[-1] == ("fetch", len(BODY), len(BODY))
    assert _Handler.hosts[-1] == f"donnees.example:{port}"


def test_a_redirect_is_followed(port: int, tmp_path: Path) -> None:
    fetched = fetch(f"http://127.0.0.1:{port}/once", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert fetched.url == f"http://127.0.0.1:{port}/file.csv"


def test_a_busy_server_is_asked_again(port: int, tmp_path: Path) -> None:
    _Handler.busy = 0
    fetched = fetch(f"http://127.0.0.1:{port}/busy", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert (fetched.path.read_bytes(), _Handler.busy) == (BODY, 3)


def test_a_server_that_stays_busy_is_given_up(port: int, tmp_path: Path) -> None:
    _Handler.busy = 0
    with pytest.raises(HttpStatus, match="503"):
        fetch(f"http://127.0.0.1:{port}/down", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert _Handler.busy == 3


def test_a_server_that_hangs_up_is_asked_again(port: int, tmp_path: Path) -> None:
    _Handler.busy = 0
    fetched = fetch(f"http://127.0.0.1:{port}/hung", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert (fetched.path.read_bytes(), _Handler.busy) == (BODY, 2)


def test_what_comes_compressed_is_written_out(port: int, tmp_path: Path) -> None:
    fetched = fetch(f"http://127.0.0.1:{port}/gzip", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert (fetched.path.read_bytes(), fetched.bytes) == (BODY, len(BODY))


def test_a_compressed_file_stays_compressed(port: int, tmp_path: Path) -> None:
    fetched = fetch(f"http://127.0.0.1:{port}/gzip/a.csv.gz", tmp_path / "f", max_bytes=1000, allowed=loopback_only)
    assert (gzip.decompress(fetched.path.read_bytes()), fetched.name) == (BODY, "a.csv.gz")


def test_proxies_of_the_environment_are_not_used(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert fetch(f"http://127.0.0.1:{port}/", tmp_path / "f", max_bytes=1000, allowed=loopback_only).bytes == len(BODY)


def test_a_message_is_posted_to_the_checked_address_with_its_name(port: int) -> None:
    answer = post(
        f"http://crochet.example:{port}/hook?x=1",
        b'{"a": 1}',
        {"Content-Type": "application/json", "host": "elsewhere.example"},
        max_bytes=1000,
        allowed=loopback_only,
        resolver=lambda *_: ["127.0.0.1"],
    )
    path, body, headers = _Handler.posted[-1]
    assert (path, body) == ("/hook?x=1", b'{"a": 1}')
    assert (headers["Host"], headers["Content-Type"]) == (f"crochet.example:{port}", "application/json")
    assert (answer.status, answer.headers["x-receipt"], answer.body) == (202, "42", b"y" * 1000)


def test_a_post_follows_no_redirect(port: int) -> None:
    before = len(_Handler.posted)
    answer = post(f"http://127.0.0.1:{port}/moved", b"", {}, allowed=loopback_only)
    assert (answer.status, len(_Handler.posted)) == (307, before + 1)


def test_a_post_never_leads_inside(port: int) -> None:
    with pytest.raises(PrivateAddress):
        post(f"http://127.0.0.1:{port}/", b"", {})
    with pytest.raises(UnknownHost):
        post("https://intranet.example/", b"", {}, resolver=lambda *_: ["10.0.0.1"])


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("inside", PrivateAddress),
        ("local", BadUrl),
        ("nowhere", BadUrl),
        ("loop", TooManyRedirects),
        ("missing", HttpStatus),
        ("endless", FetchTooLarge),
        ("bomb", FetchTooLarge),
        ("huge", FetchTooLarge),
        ("countless", FetchTooLarge),
        ("cut", FetchCut),
        ("silent", FetchTooSlow),
        ("drip", FetchTooSlow),
    ],
)
def test_a_bad_answer_is_refused_and_leaves_nothing(
    port: int, tmp_path: Path, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        fetch(
            f"http://127.0.0.1:{port}/{path}",
            tmp_path / "f",
            max_bytes=200_000,
            allowed=loopback_only,
            idle_seconds=0.6,
            total_seconds=1.0,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_stop_leaves_nothing(port: int, tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int | None = None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch(f"http://127.0.0.1:{port}/file", tmp_path / "f", max_bytes=1000, allowed=loopback_only, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::7f00:1]",
        "2130706433",
        "127.1",
        "0x7f.0.0.1",
        "localhost",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(host: str, tmp_path: Path) -> None:
    with pytest.raises((PrivateAddress, UnknownHost)):
        fetch(f"http://{host}/", tmp_path / "f", max_bytes=1000)


@pytest.mark.parametrize("port", [22, 25, 1023])
def test_ports_of_other_services_are_refused(port: int, tmp_path: Path) -> None:
    with pytest.raises(PrivateAddress):
        fetch(f"http://example.org:{port}/", tmp_path / "f", max_bytes=1, resolver=lambda *_: ["93.184.216.34"])


def test_a_name_with_one_private_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownHost):
        fetch("http://example.org/", tmp_path / "f", max_bytes=1, resolver=lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_a_name_of_the_inner_network_is_answered_like_one_that_does_not_exist(tmp_path: Path) -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    answers = []
    for resolver in (lambda *_: ["10.1.2.3"], lambda *_: ["127.0.0.1"], nowhere, lambda *_: []):
        with pytest.raises(ParvisError) as refusal:
            fetch("http://intranet.mairie.example/", tmp_path / "f", max_bytes=1, resolver=resolver)
        answers.append((refusal.value.code, refusal.value.message("fr"), refusal.value.message("en")))
    assert len(set(answers)) == 1
    assert "10." not in answers[0][1]


def test_a_refused_address_is_not_told_beside_the_one_that_was_asked(tmp_path: Path) -> None:
    with pytest.raises(PrivateAddress) as refusal:
        fetch("http://2130706433/", tmp_path / "f", max_bytes=1, resolver=lambda *_: ["127.0.0.1"])
    assert "127.0.0.1" not in refusal.value.message("fr") + refusal.value.message("en")


def test_a_failed_connection_tells_nothing_of_the_system(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchFailed) as refusal:
        fetch(f"http://127.0.0.1:{port}/", tmp_path / "f", max_bytes=1, allowed=lambda *_: True)
    assert "Errno" not in refusal.value.message("fr")
    assert "refusée" in refusal.value.message("fr")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://user:secret@example.org/",
        "http://example.org@10.0.0.1/",
        "http://exa mple.org/",
        "http://example.org\\@10.0.0.1/",
        "http://example.org/\r\nHost: x",
        "http://",
        "example.org/data.csv",
        "http://example.org:99999/",
        "http://[::1/",
    ],
)
def test_addresses_that_are_not_of_the_web_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadUrl):
        fetch(url, tmp_path / "f", max_bytes=1, resolver=lambda *_: ["93.184.216.34"])


@pytest.mark.parametrize(
    ("disposition", "url", "name"),
    [
        ("", "https://example.org/a/b%20c.csv?x=1", "b c.csv"),
        ("attachment; filename*=UTF-8''donn%C3%A9es.csv", "https://example.org/", "données.csv"),
        ('attachment; filename="..\\\\..\\\\x.csv"', "https://example.org/", "x.csv"),
        ("", "https://example.org/", "fichier"),
        ("", "https://example.org/a/..", "fichier"),
        ('attachment; filename="a\u202evsc.exe"', "https://example.org/", "a_vsc.exe"),
    ],
)
def test_names_are_made_safe(disposition: str, url: str, name: str) -> None:
    assert file_name(disposition, url) == name


def send(port: int, path: str, **options: object) -> Posted:
    options = {"max_bytes": 20, "allowed": loopback_only, **options}
    return post(f"http://127.0.0.1:{port}{path}", "né".encode(), {"X-Mark": "m"}, **options)


def test_what_is_sent_arrives_with_its_headers_and_the_beginning_of_the_answer_is_read(port: int) -> None:
    answer = send(port, "/mirror")
    assert (answer.status, answer.body.decode()) == (201, "m né")
    assert send(port, "/mirror", max_bytes=3).body == b"m n"


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Key", "k1\r\nX-Other: k2"), ("X-Key", "clé€"), ("X Key", "k3"), ("X-Clé", "k4"), ("X-Key", "k5\0")],
)
def test_a_header_that_http_cannot_carry_is_named_and_never_sent(port: int, name: str, value: str) -> None:
    with pytest.raises(BadHeader) as caught:
        post(f"http://127.0.0.1:{port}/mirror", b"", {name: value}, allowed=loopback_only)
    assert name in str(caught.value)
    assert value not in str(caught.value)


def test_an_error_is_an_answer(port: int) -> None:
    assert send(port, "/missing").status == 404


def test_nothing_is_sent_to_a_private_address(port: int) -> None:
    with pytest.raises(PrivateAddress):
        send(port, "/mirror", allowed=is_public)


def test_an_address_shows_by_itself_that_it_would_not_be_called() -> None:
    for inside in ("127.0.0.1", "127.1", "2130706433", "[::1]", "169.254.169.254", "localhost:8000", "exemple.fr:22"):
        with pytest.raises(PrivateAddress):
            require_public_url(f"http://{inside}/")
    for outside in ("https://1.1.1.1/", "https://un-nom-qui-mene-on-ne-sait-ou.exemple.fr:8443/x"):
        require_public_url(outside)


def test_an_endless_answer_is_left_and_a_slow_one_cut(port: int) -> None:
    assert send(port, "/endless").body == b"x" * 20
    with pytest.raises(FetchTooSlow):
        send(port, "/silent", total_seconds=0.2)
